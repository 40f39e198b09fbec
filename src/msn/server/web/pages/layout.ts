// What every page looks like: HTML as simple as Internet Explorer 5 wants it, without a script, and nothing from elsewhere.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { say } from '../../../../core/words.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

export interface Page {
  readonly title: string
  readonly body: Markup
  /** Has a form in which something secret is written. */
  readonly isPrivate?: boolean
}

/** What a page may do in a browser of today: nothing but look like this and send its form here. */
const policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/** For everything that is not a page: what it is, is what we say that it is. */
export const plainHeaders = { 'X-Content-Type-Options': 'nosniff' } as const

const pageHeaders = {
  ...plainHeaders,
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': policy,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

const ways = [
  ['/', 'page.nav-start'],
  ['/register', 'page.nav-register'],
  ['/password', 'page.nav-password'],
  ['/connect', 'page.nav-connect'],
  ['/ca', 'page.nav-ca'],
] as const

/** Sends a page. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, domain: string, page: Page, status = 200): FastifyReply {
  const isPlain = page.isPrivate === true && request.protocol !== 'https'
  return reply
    .code(status)
    .headers(pageHeaders)
    .send(shell(domain, page, isPlain))
}

function shell(domain: string, { title, body }: Page, isPlain: boolean): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say({ key: 'page.title', params: { title, domain } })}</title>
<link rel="stylesheet" type="text/css" href="/style.css">
</head>
<body>
<div id="head">${domain}</div>
<div id="ways">${ways.map(([path, key]) => html`<a href="${path}">${say({ key })}</a> `)}</div>
<div id="body">
<h1>${title}</h1>
${isPlain ? html`<p class="care">${say({ key: 'page.plain' })}</p>` : undefined}
${body}
</div>
</body>
</html>
`.toString()
}

/** The one style sheet. Only what Internet Explorer 5 knows, so that the pages look alike everywhere. */
export const style = `body { margin: 0; background: #eef3fa; color: #222; font-family: Tahoma, Verdana, Arial, sans-serif; font-size: 14px; line-height: 1.5; }
#head { padding: 14px 20px; background: #2b5fa8; color: #fff; font-size: 20px; font-weight: bold; }
#ways { padding: 8px 20px; background: #d6e3f5; }
#ways a { margin-right: 14px; }
#body { max-width: 760px; padding: 4px 20px 30px 20px; }
a { color: #1d4f99; }
h1 { font-size: 22px; color: #2b5fa8; }
h2 { margin-top: 28px; font-size: 17px; color: #2b5fa8; }
pre { padding: 10px; border: 1px solid #b9cbe6; background: #fff; overflow: auto; font-size: 13px; line-height: 1.35; }
table { border-collapse: collapse; }
td { padding: 3px 18px 3px 0; vertical-align: top; }
label { font-weight: bold; }
input { font-family: Tahoma, Verdana, Arial, sans-serif; font-size: 14px; }
.hint { color: #555; font-size: 13px; }
.care { padding: 8px 12px; border: 1px solid #d9b44a; background: #fff7dc; }
.fault { padding: 8px 12px; border: 1px solid #c0392b; background: #fdecea; }
`
