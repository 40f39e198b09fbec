// MsgrConfig.asmx: with GET from WLM, with SOAP from MSN 6 to 7.5; nobody signs in for it (msnp-services.md A19).

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { isMsgrConfigRequest, type MsgrConfig, writeMsgrConfig, writeMsgrConfigAnswer } from '../../soap/msgr-config.ts'
import { answer, takeText } from './answer.ts'
import { hostOf, originOf } from './asked-host.ts'
import { isOfficialHost } from './official-hosts.ts'

const longestRequest = 16 * 1024
const headers = { 'Content-Type': 'text/xml; charset=utf-8' }

/** The service as a plugin of fastify. */
export function clientConfig(): FastifyPluginAsync {
  return async (app) => {
    takeText(app, longestRequest)
    app.get('/Config/MsgrConfig.asmx', async (request, reply) => answer(reply, 200, headers, writeMsgrConfig(configFor(request))))
    app.post('/Config/MsgrConfig.asmx', async (request: FastifyRequest, reply: FastifyReply) => {
      if (typeof request.body !== 'string' || !isMsgrConfigRequest(request.body)) return answer(reply, 400)
      return answer(reply, 200, headers, writeMsgrConfigAnswer(configFor(request)))
    })
  }
}

/** Who came by an official name, through a hosts file, finds the contact services by theirs, and by HTTPS. */
function configFor(request: FastifyRequest): MsgrConfig {
  const host = hostOf(request)
  const origin = originOf(request)
  return {
    host,
    textAdUrl: `${origin}/ads/textad.xml`,
    contactsUrl: isOfficialHost(host) ? undefined : `${origin}/abservice/abservice.asmx`,
  }
}
