// The settings of the web server that belongs to the MSN server, joined to the others in src/config.ts.

import { isIP } from 'node:net'
import { z } from 'zod'

const host = z.string().min(1).default('127.0.0.1')
const port = z.int().min(0).max(65_535)
const file = z.string().min(1)

export const webConfig = {
  http: z
    .strictObject({
      host: host.describe('The address to listen on for the web pages and services of MSN 5.0 and newer.'),
      port: port.default(8080).describe('Its port; 0 takes a free one. Clients that are not told otherwise know only 80.'),
      trustedProxies: z
        .array(z.string().refine(isAddressOrRange, 'must be addresses, such as 127.0.0.1, or ranges, such as 10.0.0.0/8'))
        .default([])
        .describe(
          'Addresses of proxies in front of it, whose X-Forwarded-For and X-Forwarded-Proto are believed. Without them, all who come through a proxy share its limits.',
        ),
    })
    .prefault({})
    .describe('The web server that belongs to the MSN server.'),
  authority: z
    .strictObject({
      certFile: file.default('nudge-ca.crt').describe('Its certificate. The page /ca hands it out.'),
      keyFile: file
        .default('nudge-ca.key')
        .describe('Its key. Whoever has it can pose as any web site to who trusts the certificate.'),
    })
    .prefault({})
    .describe('A certificate authority of our own for the host names that old clients call; "nudge ca init" makes it.'),
  vintageTls: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether it listens.'),
      host: host.describe('The address to listen on.'),
      port: port.default(443).describe('Its port; old clients know only 443.'),
      certFile: file.default('nudge-tls.crt').describe('Its certificate; "nudge ca issue" makes it.'),
      keyFile: file.default('nudge-tls.key').describe('The key of its certificate.'),
    })
    .prefault({})
    .describe('The same pages and services by HTTPS as old clients speak it: TLS 1.0 and ciphers that are no longer safe.'),
}

/** An IP address, or a range of them in CIDR form. */
function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return longest > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
}
