// The page that hands out the certificate of our own authority.

import type { X509Certificate } from 'node:crypto'
import { say } from '../../../../core/words.ts'
import type { Page } from './layout.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

/** The page; without a certificate it says that there is none. */
export function certificatePage(certificate: X509Certificate | undefined): Page {
  const title = say({ key: 'page.ca-title' })
  if (!certificate) return { title, body: html`<p>${say({ key: 'page.ca-none' })}</p>` }
  const body = html`<p>${say({ key: 'page.ca-what' })}</p>
<p class="care">${say({ key: 'page.ca-warning' })}</p>
<ul>
<li><a href="/ca/nudge-ca.crt">${say({ key: 'page.ca-der' })}</a></li>
<li><a href="/ca/nudge-ca.pem">${say({ key: 'page.ca-pem' })}</a></li>
</ul>
<p>${say({ key: 'page.ca-compare' })}</p>
<pre>${inLines('SHA-1', certificate.fingerprint)}\n${inLines('SHA-256', certificate.fingerprint256)}</pre>
${way(say({ key: 'page.ca-windows-title' }), say({ key: 'page.ca-windows' }))}
${way(say({ key: 'page.ca-mac-title' }), say({ key: 'page.ca-mac' }))}
${way(say({ key: 'page.ca-linux-title' }), say({ key: 'page.ca-linux' }))}`
  return { title, body }
}

function way(title: string, text: string): Markup {
  return html`<h2>${title}</h2>\n<p>${text}</p>`
}

/** A fingerprint in lines of sixteen bytes. */
function inLines(name: string, fingerprint: string): string {
  const lines = fingerprint.match(/(?:[0-9A-F]{2}:?){1,16}/g) ?? []
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(8)}${line.replace(/:$/, '')}`).join('\n')
}
