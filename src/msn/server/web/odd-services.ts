// What clients ask besides, and wait for: each gets an answer at once, so that no wheel turns (msnp-services.md A18, A20).

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { answerWhatsNew, writeNotHere, writeTabs, writeTextAd } from '../../soap/small-services.ts'
import { answer, takeText } from './answer.ts'
import { hostOf, originOf } from './asked-host.ts'
import { isOfficialHost } from './official-hosts.ts'

const longestRequest = 64 * 1024
const xml = { 'Content-Type': 'text/xml; charset=utf-8' }

/** The services as a plugin of fastify. `domain` is that of the server. */
export function oddServices({ domain }: { readonly domain: string }): FastifyPluginAsync {
  const whatsNew = async (request: FastifyRequest, reply: FastifyReply) => {
    const body = answerWhatsNew(typeof request.body === 'string' ? request.body : '')
    return answer(reply, body === undefined ? 500 : 200, xml, body ?? writeNotHere())
  }
  const notHere = async (_request: FastifyRequest, reply: FastifyReply) => answer(reply, 500, xml, writeNotHere())
  const document = (body: string) => async (_request: FastifyRequest, reply: FastifyReply) => answer(reply, 200, xml, body)
  const home = async (request: FastifyRequest, reply: FastifyReply) => answer(reply, 302, { Location: `${originOf(request)}/` })
  /** A client opens a web page with its ticket: the ticket is not looked at, and only pages of ours are led to. */
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const wanted = new URLSearchParams(typeof request.body === 'string' ? request.body : '').get('ru')
    const origin = originOf(request)
    return answer(reply, 302, { Location: origin + pathOn(wanted, [hostOf(request), domain]) })
  }

  return async (app) => {
    takeText(app, longestRequest)
    app.post('/whatsnew/whatsnewservice.asmx', whatsNew)
    app.post('/profile/profile.asmx', notHere)
    app.post('/contactcard/contactcardservice.asmx', notHere)
    app.get('/svcs/mms/tabs.asp', document(writeTabs()))
    app.get('/svcs/mms/portal.asp', document(writeTabs()))
    app.get('/ads/textad.xml', document(writeTextAd()))
    for (const path of ['/ppsecure/sha1auth.srf', '/ppsecure/md5auth.srf', '/md5auth.srf']) app.post(path, page)
    // The links of menus: http://g.msn.com/5meen_us/122
    app.get('/:menu(^[0-9]me[a-z]{2}_[a-z-]+$)/:link', home)
  }
}

/** The path and query of an address on one of our hosts; the front page for any other. */
function pathOn(wanted: string | null, ours: readonly string[]): string {
  const url = URL.parse(wanted ?? '')
  if (!url || !/^https?:$/.test(url.protocol)) return '/'
  const isOurs = isOfficialHost(url.hostname) || ours.some((host) => host.toLowerCase() === url.hostname)
  return isOurs ? url.pathname + url.search : '/'
}
