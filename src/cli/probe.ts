// nudge probe: what an MSN server speaks, and what to write into the config for it.

import { Document, visit } from 'yaml'
import { StartError } from '../core/errors.ts'
import type { Timers } from '../core/timers.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Dial, Place } from '../msn/client/dialler.ts'
import { ClientError } from '../msn/client/errors.ts'
import { isHandle } from '../msn/client/handle.ts'
import { systemTimers } from '../msn/client/timers.ts'
import { type Fetch, webCaller } from '../msn/client/web/call.ts'
import type { WebPlaces } from '../msn/client/web/services.ts'
import type { AuthFamily } from '../msn/dialect/sign-in.ts'
import type { Finding } from '../msn/probe.ts'
import { probeDialects } from '../msn/probe.ts'
import { adviceFor, networkNameFor, spokenIn } from '../msn/probe-advice.ts'
import { probeWeb } from '../msn/probe-web.ts'
import { dialTcp } from '../msn/tcp.ts'
import { tell } from './tell.ts'

interface Options {
  readonly port: string
  readonly account?: string
  readonly web?: string
}

/** How the world is reached; a test has its own. */
interface World {
  readonly dial: Dial
  readonly fetch: Fetch
  readonly timers: Timers
}

/** Asks a server, and prints what it finds while it finds it. Throws a StartError when nobody is there. */
export async function probe(
  host: string,
  { port, account = 'nudge-probe@example.com', web = webAt(host) }: Options,
  world: World = { dial: dialTcp, fetch, timers: systemTimers },
): Promise<void> {
  const server = placeOf(host, port)
  if (!isHandle(account)) throw new StartError(say({ key: 'probe.bad-account', params: { account } }))
  if (!/^https?:$/.test(URL.parse(web)?.protocol ?? '')) throw new StartError(say({ key: 'probe.bad-web', params: { web } }))
  const findings = await askDialects(server, account, world)
  if (spokenIn(findings).length === 0) return tell(say({ key: 'probe.no-msn', params: { place: nameOf(server) } }))
  const services = await askWeb(web, world)
  const advice = adviceFor(server, findings, services)
  if (!advice) return tell(say({ key: 'probe.no-way-in' }))
  tell(say({ key: 'probe.advice' }))
  process.stdout.write(yamlOf({ linked: { [networkNameFor(host)]: advice } }))
  if (advice.dialects.some((dialect) => dialect >= 13)) tell(say({ key: 'probe.unproven' }))
}

async function askDialects(server: Place, account: string, { dial, timers }: World): Promise<Finding[]> {
  tell(say({ key: 'probe.begins', params: { place: nameOf(server) } }))
  const findings: Finding[] = []
  try {
    for await (const finding of probeDialects({ server, account, dial, timers })) {
      tell(say(phraseOf(finding, account)))
      findings.push(finding)
    }
  } catch (error) {
    const place = nameOf(server)
    if (findings.length === 0) throw new StartError(say({ key: 'probe.unreachable', params: { place, reason: reasonOf(error) } }))
    tell(say({ key: 'probe.broke-off', params: { place, reason: reasonOf(error) } }))
  }
  return findings
}

async function askWeb(web: string, { fetch: get, timers }: World): Promise<WebPlaces> {
  tell(say({ key: 'probe.web-begins', params: { web } }))
  const found: Record<string, string> = {}
  try {
    for await (const [service, address] of probeWeb(web, webCaller(get, timers))) {
      tell(
        say(address ? { key: 'probe.service', params: { service, address } } : { key: 'probe.no-service', params: { service } }),
      )
      if (address) found[service] = address
    }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    tell(say({ key: 'probe.web-unreachable', params: { reason: error.message } }))
  }
  return found
}

const familyPhrases: Readonly<Record<AuthFamily, Phrase>> = {
  md5: { key: 'probe.family-md5' },
  twn: { key: 'probe.family-twn' },
  sso: { key: 'probe.family-sso' },
}

function phraseOf(finding: Finding, account: string): Phrase {
  const { dialect } = finding
  switch (finding.kind) {
    case 'spoken': {
      const family = say(familyPhrases[finding.family])
      if (finding.policy === undefined) return { key: 'probe.spoken', params: { dialect, family } }
      return { key: 'probe.spoken-policy', params: { dialect, family, policy: plain(finding.policy) } }
    }
    case 'elsewhere':
      return { key: 'probe.elsewhere', params: { dialect, address: plain(finding.address) } }
    case 'refused':
      if (finding.number === undefined) return { key: 'probe.refused', params: { dialect, account } }
      return { key: 'probe.refused-number', params: { dialect, account, number: finding.number } }
    case 'unspoken':
      return { key: 'probe.unspoken', params: { dialect } }
    case 'silent':
      return { key: 'probe.silent', params: { dialect } }
  }
}

/** Lists stand on one line. */
function yamlOf(settings: object): string {
  const document = new Document(settings)
  visit(document, {
    Seq: (_, list) => {
      list.flow = true
    },
  })
  return document.toString({ lineWidth: 0 })
}

function placeOf(host: string, text: string): Place {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartError(say({ key: 'probe.bad-port', params: { port: text } }))
  return { host, port }
}

function webAt(host: string): string {
  return `https://${host.includes(':') ? `[${host}]` : host}`
}

function nameOf({ host, port }: Place): string {
  return `${host}:${port}`
}

/** The short name of the system for what went wrong, or the words of our own. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.message : String(error)
}

/** What a server says, fit for a terminal. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
}
