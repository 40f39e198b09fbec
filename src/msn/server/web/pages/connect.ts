// How each client finds this server (msnp-services.md A1 and A2; real-clients.md, "Pointing clients elsewhere").

import { say } from '../../../../core/words.ts'
import { officialHosts } from '../official-hosts.ts'
import type { Page } from './layout.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'
import type { Place } from './place.ts'

/** What clients know, where they cannot be told. */
const usual = { notification: 1863, http: 80, https: 443 } as const

/** The whole page. `address` is that of this server, where it is known. */
export function connectPage(place: Place, address: string | undefined): Page {
  const body = html`<p>${say({ key: 'connect.what' })}</p>
${placeTable(place)}
${oddPorts(place)}
${hostsPart(place, address)}
${part(say({ key: 'connect.dns-title' }), [say({ key: 'connect.dns' })])}
${part(say({ key: 'connect.patched-title' }), [say({ key: 'connect.patched' })])}
${part(say({ key: 'connect.gateway-title' }), [say({ key: 'connect.gateway' })])}
${clientParts(place)}
${faultsPart()}`
  return { title: say({ key: 'connect.title' }), body }
}

/** The lines of a hosts file, by generation of clients, with line ends as Windows wants them. */
export function hostsFile(address = 'SERVER'): string {
  const generations = new Set(officialHosts.map(({ since }) => since))
  const groups = [...generations].map((since) => {
    const lines = officialHosts.filter((host) => host.since === since).map(({ name }) => `${address.padEnd(15)} ${name}\r\n`)
    return `# ${say({ key: 'connect.hosts-since', params: { since } })}\r\n${lines.join('')}`
  })
  return groups.join('')
}

function placeTable({ domain, notificationPort, switchboardPort, httpPort, httpsPort }: Place): Markup {
  const rows = [
    [say({ key: 'connect.server' }), domain],
    [say({ key: 'connect.notification' }), notificationPort],
    [say({ key: 'connect.switchboard' }), switchboardPort],
    [say({ key: 'connect.web' }), httpPort],
    [say({ key: 'connect.secure-web' }), httpsPort ?? say({ key: 'connect.secure-none' })],
  ]
  return html`<table>${rows.map(
    ([what, value]) => html`
<tr><td>${what}</td><td><b>${value}</b></td></tr>`,
  )}
</table>`
}

/** Warnings about ports at which clients do not look. */
function oddPorts({ notificationPort, httpPort, httpsPort = usual.https }: Place): Markup[] {
  const pairs = [
    [usual.notification, notificationPort],
    [usual.http, httpPort],
    [usual.https, httpsPort],
  ] as const
  return pairs
    .filter(([known, port]) => known !== port)
    .map(([known, port]) => html`<p class="care">${say({ key: 'connect.odd-port', params: { usual: known, port } })}</p>\n`)
}

function hostsPart({ domain }: Place, address: string | undefined): Markup {
  return html`<h2>${say({ key: 'connect.hosts-title' })}</h2>
<p>${say({ key: 'connect.hosts' })}</p>
<pre>${hostsFile(address).replaceAll('\r', '')}</pre>
${address === undefined ? html`<p>${say({ key: 'connect.hosts-address', params: { domain } })}</p>\n` : undefined}<p><a href="/connect/hosts.txt">${say({ key: 'connect.hosts-file' })}</a></p>
<p>${say({ key: 'connect.hosts-where' })}</p>`
}

function clientParts({ domain, notificationPort: port }: Place): Markup[] {
  const tick = say({ key: 'page.old-clients' })
  return [
    part(
      say({ key: 'connect.msn1-title' }),
      [say({ key: 'connect.msn1', params: { tick } }), say({ key: 'connect.msn1-registry' })],
      `REGEDIT4\n\n[HKEY_CURRENT_USER\\Software\\Microsoft\\MessengerService]\n"Server"="${domain}:${port}"\n`,
    ),
    part(say({ key: 'connect.msn5-title' }), [say({ key: 'connect.msn5' })]),
    part(say({ key: 'connect.msn75-title' }), [say({ key: 'connect.msn75' })]),
    part(say({ key: 'connect.wlm8-title' }), [say({ key: 'connect.wlm8' })]),
    part(say({ key: 'connect.wlm2009-title' }), [say({ key: 'connect.wlm2009' })]),
    part(say({ key: 'connect.mac-title' }), [say({ key: 'connect.mac' })]),
    part(say({ key: 'connect.pidgin-title' }), [say({ key: 'connect.pidgin', params: { domain, port } })]),
    part(say({ key: 'connect.pecan-title' }), [say({ key: 'connect.pecan' })]),
    part(say({ key: 'connect.amsn-title' }), [say({ key: 'connect.amsn', params: { domain, port } })]),
  ]
}

function faultsPart(): Markup {
  const keys = ['connect.fault-tls', 'connect.fault-xp', 'connect.fault-cache', 'connect.fault-long-wait'] as const
  return part(
    say({ key: 'connect.faults-title' }),
    keys.map((key) => say({ key })),
  )
}

function part(title: string, paragraphs: readonly string[], lines?: string): Markup {
  return html`<h2>${title}</h2>
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}${lines === undefined ? undefined : html`<pre>${lines}</pre>\n`}`
}
