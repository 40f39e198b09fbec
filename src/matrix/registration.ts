// The file that introduces us to the homeserver. Written by ourselves, because the library drops `receive_ephemeral`.

import { randomBytes } from 'node:crypto'
import { stringify } from 'yaml'
import type { NetworkId } from '../core/address.ts'
import type { Secret } from '../core/secret.ts'
import type { MatrixConfig } from './config.ts'

/** What the homeserver is told of us; with tokens in the clear, so only for the homeserver's eyes. */
export interface Registration {
  readonly id: string
  readonly url: string
  readonly as_token: string
  readonly hs_token: string
  readonly sender_localpart: string
  readonly rate_limited: boolean
  readonly receive_ephemeral: boolean
  readonly 'de.sorunome.msc2409.push_ephemeral': boolean
  readonly 'org.matrix.msc3202': boolean
  readonly 'io.element.msc4190': boolean
  readonly namespaces: {
    readonly users: { exclusive: boolean; regex: string }[]
    readonly aliases: { exclusive: boolean; regex: string }[]
    readonly rooms: { exclusive: boolean; regex: string }[]
  }
}

/** A token that cannot be guessed: 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What the homeserver has to know of us: the ghosts of these networks and the rooms that we make are ours alone. */
export function registrationOf(config: MatrixConfig, ghostNetworks: readonly NetworkId[]): Registration {
  const domain = escapedForm(config.domain)
  return {
    id: config.registrationId,
    url: config.url ?? `http://${urlHost(config.listen.host)}:${config.listen.port}`,
    as_token: config.asToken.reveal(),
    hs_token: config.hsToken.reveal(),
    sender_localpart: config.senderLocalpart,
    rate_limited: false,
    receive_ephemeral: true,
    'de.sorunome.msc2409.push_ephemeral': true,
    // To-device messages come with the ephemeral events. These two are for encryption; a file that has them from the start need not be changed for it.
    'org.matrix.msc3202': true,
    // Accounts and devices without /login, which homeservers with their own authentication service do not have.
    'io.element.msc4190': true,
    namespaces: {
      users: ghostNetworks.map((network) => ({ exclusive: true, regex: `@${network}_.*:${domain}` })),
      aliases: [{ exclusive: true, regex: `#nudge_.*:${domain}` }],
      rooms: [],
    },
  }
}

/** The registration as the homeserver reads it. */
export function registrationYaml(config: MatrixConfig, ghostNetworks: readonly NetworkId[]): string {
  return stringify(registrationOf(config, ghostNetworks))
}

/**
 * By which the homeserver lends us the accounts of its users: it sends nothing there, and claims nobody for us. `token` is `matrix.puppetToken`.
 * The `hs_token` and the sender have to be there and are never used.
 */
export function puppetRegistrationYaml({ registrationId, senderLocalpart, domain }: MatrixConfig, token: Secret): string {
  return stringify({
    id: `${registrationId}-puppets`,
    url: null,
    as_token: token.reveal(),
    hs_token: newToken(),
    sender_localpart: `${senderLocalpart}-puppets`,
    rate_limited: false,
    namespaces: { users: [{ exclusive: false, regex: `@.*:${escapedForm(domain)}` }], aliases: [], rooms: [] },
  })
}

/** A host as it stands in a URL; "every address" is reached at this machine's own. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** A domain as it stands in a regular expression. */
function escapedForm(domain: string): string {
  return domain.replace(/[.[\]]/g, '\\$&')
}
