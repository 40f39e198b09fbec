// Which web services answer at an address, by the paths that are known of old and of today's servers. Every one is asked something that needs no
// password and is sure to be refused: a refusal in its own words is the answer that is hoped for.

import { readPassportUrls } from './auth/passport.ts'
import { ClientError } from './client/errors.ts'
import type { WebCall } from './client/web/call.ts'
import type { WebPlaces } from './client/web/services.ts'
import { readEnvelope, writeEnvelope } from './soap/envelope.ts'
import { readTokenAnswer } from './soap/token-answer.ts'

export type WebService = keyof WebPlaces

/** Where a service may be, the likelier place first. */
const places: readonly (readonly [service: WebService, paths: readonly string[]])[] = [
  ['nexus', ['/rdr/pprdr.asp', '/nexus-mock']],
  ['rst', ['/RST.srf', '/RST2.srf']],
  ['contacts', ['/abservice/abservice.asmx']],
  ['offlineRead', ['/rsi/rsi.asmx']],
  ['offlineSend', ['/OimWS/oim.asmx']],
]

/** Asks for each service, one call at a time. Absent addresses did not answer as that service. Rejects when nobody answers at all. */
export async function* probeWeb(web: string, call: WebCall): AsyncGenerator<readonly [WebService, string | undefined]> {
  for (const [service, paths] of places) {
    let found: string | undefined
    for (const path of paths) {
      const url = web.replace(/\/$/, '') + path
      if (found === undefined && (await isThere(service, url, call))) found = url
    }
    yield [service, found]
  }
}

async function isThere(service: WebService, url: string, call: WebCall): Promise<boolean> {
  try {
    return await answersAs(service, url, call)
  } catch (error) {
    if (error instanceof ClientError && error.code === 'server-error') return false
    throw error
  }
}

async function answersAs(service: WebService, url: string, call: WebCall): Promise<boolean> {
  if (service === 'nexus') {
    const { headers } = await call({ method: 'GET', url, follows: false, reads: false })
    return readPassportUrls(headers.get('PassportURLs') ?? '') !== undefined
  }
  const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' }
  const { status, text } = await call({
    method: 'POST',
    url,
    headers,
    body: writeEnvelope(undefined),
    follows: true,
    reads: true,
  })
  if (service === 'rst') return readTokenAnswer(text) !== undefined
  // Escargot has no words for a request without a ticket: it stumbles. What is not there it answers with 404.
  return status === 500 || readEnvelope(text) !== undefined
}
