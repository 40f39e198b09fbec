// src/msn/server/web/pages: what people see of the server in a browser, be it of 1999. Here they make an account, change the password, and read how
// to connect a client. This file: the paths.

import type { X509Certificate } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../../core/clock.ts'
import type { Logger } from '../../../../core/log.ts'
import { say } from '../../../../core/words.ts'
import type { Account } from '../../accounts.ts'
import { certificatePage } from './certificate.ts'
import { connectPage, hostsFile } from './connect.ts'
import { Form, longestField } from './form.ts'
import { FormTokens } from './form-tokens.ts'
import { type Page, plainHeaders, sendPage, style } from './layout.ts'
import { html } from './markup.ts'
import { Paces } from './paces.ts'
import type { PasswordParts } from './password.ts'
import { changePassword, passwordChangedPage, passwordPage } from './password.ts'
import type { Place } from './place.ts'
import { addressFor } from './place.ts'
import type { RegisterParts } from './register.ts'
import { register, registeredPage, registerPage } from './register.ts'

export interface PagesOptions extends RegisterParts, PasswordParts {
  /** Asked for each page: ports are known once they are listened on. */
  place(): Place
  /** The certificate of our own authority, if there is one. */
  authority(): Promise<X509Certificate | undefined>
  readonly clock: Clock
  readonly log: Logger
}

/** In bytes. */
const longestForm = 8 * 1024
/** Forms that one address may send in an hour. */
const formsAnHour = 20
const hour = 60 * 60 * 1000

/** A form: how it is shown, what it does, and what is said then. */
interface Sheet {
  show(token: string, form?: Form, fault?: string): Page
  send(form: Form, visitor: string): Promise<Account | string>
  done(account: Account): Page
}

/** The pages as a plugin of fastify. */
export function pages(options: PagesOptions): FastifyPluginAsync {
  const { domain, clock } = options
  const tokens = new FormTokens(clock)
  const paces = new Paces(formsAnHour, hour)

  const show = (request: FastifyRequest, reply: FastifyReply, sheet: Sheet, form?: Form, fault?: string, status = 200) => {
    const { token, cookie } = tokens.issue(request.headers.cookie)
    // Not "Secure": a browser that came by HTTPS once could then never send a form by HTTP, where old ones have to.
    void reply.header('Set-Cookie', `${cookie}; Path=/; HttpOnly; SameSite=Lax`)
    return sendPage(request, reply, domain, sheet.show(token, form, fault), status)
  }

  const receive = async (request: FastifyRequest, reply: FastifyReply, sheet: Sheet) => {
    const form = Form.from(request.body)
    const refuse = (fault: string, status: number) => show(request, reply, sheet, form, fault, status)
    if (!form) return refuse(say({ key: 'page.form-broken', params: { longest: longestField } }), 400)
    if (!tokens.check(request.headers.cookie, form.text('token'))) return refuse(say({ key: 'page.form-token' }), 403)
    if (!paces.take(request.ip, clock())) return refuse(say({ key: 'page.too-many' }), 429)
    const outcome = await sheet.send(form, request.ip)
    return typeof outcome === 'string' ? refuse(outcome, 400) : sendPage(request, reply, domain, sheet.done(outcome))
  }

  const registration: Sheet = {
    show: (token, form, fault) => registerPage(options, token, form, fault),
    send: (form) => register(form, options),
    done: registeredPage,
  }
  const password: Sheet = {
    show: (token, form, fault) => passwordPage(options, token, form, fault),
    send: (form, visitor) => changePassword(form, visitor, options),
    done: passwordChangedPage,
  }

  return async (app) => {
    app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
      const { statusCode: status = 500 } = error
      if (status >= 500) options.log.error({ err: error }, 'msn web: a page could not be made')
      return sendPage(request, reply, domain, faultPage(status), status)
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: longestForm },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    )
    app.get('/style.css', async (_request, reply) => sendFile(reply, 'text/css; charset=utf-8', style))
    app.get('/', async (request, reply) => sendPage(request, reply, domain, welcomePage(options)))
    app.get('/register', async (request, reply) => show(request, reply, registration))
    if (options.registration !== 'closed') app.post('/register', async (request, reply) => receive(request, reply, registration))
    app.get('/password', async (request, reply) => show(request, reply, password))
    app.post('/password', async (request, reply) => receive(request, reply, password))
    app.get('/connect', async (request, reply) => {
      const place = options.place()
      return sendPage(request, reply, domain, connectPage(place, addressFor(request, place)))
    })
    app.get('/connect/hosts.txt', async (request, reply) =>
      sendFile(reply, 'text/plain; charset=utf-8', hostsFile(addressFor(request, options.place()))),
    )
    app.get('/ca', async (request, reply) => sendPage(request, reply, domain, certificatePage(await options.authority())))
    app.get('/ca/nudge-ca.crt', async (_request, reply) => {
      const certificate = await options.authority()
      return certificate ? sendFile(reply, 'application/x-x509-ca-cert', certificate.raw) : reply.callNotFound()
    })
    app.get('/ca/nudge-ca.pem', async (_request, reply) => {
      const certificate = await options.authority()
      return certificate ? sendFile(reply, 'application/x-pem-file', certificate.toString()) : reply.callNotFound()
    })
  }
}

function welcomePage({ domain, registration }: RegisterParts): Page {
  const account =
    registration === 'closed'
      ? say({ key: 'page.start-step-account-closed' })
      : html`<a href="/register">${say({ key: 'page.start-step-account' })}</a>`
  const body = html`<p>${say({ key: 'page.start-what', params: { domain } })}</p>
<p>${say({ key: 'page.start-steps' })}</p>
<ol>
<li>${account}</li>
<li><a href="/connect">${say({ key: 'page.start-step-connect' })}</a></li>
</ol>`
  return { title: say({ key: 'page.start-title' }), body }
}

/** For whoever sent what no form sends, and where something of ours does not work. */
function faultPage(status: number): Page {
  const text = status >= 500 ? say({ key: 'page.fault-ours' }) : say({ key: 'page.fault-yours' })
  return { title: say({ key: 'page.fault-title' }), body: html`<p class="fault">${text}</p>` }
}

function sendFile(reply: FastifyReply, type: string, content: string | Buffer): FastifyReply {
  return reply.headers({ ...plainHeaders, 'Content-Type': type }).send(content)
}
