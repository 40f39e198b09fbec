// The address that somebody from another network has on our MSN server, and back, without a table.
// A vintage client takes it for an e-mail address, and it can be typed by hand:
//
//   @romeo:our.server on Matrix    romeo@matrix.D
//   @romeo:their.server:8448       romeo@their.server_8448.matrix.D
//   mercutio@xmpp.example          mercutio@xmpp.example.xmpp.D

import type { Address, Naming, NetworkId } from '../core/address.ts'

/** The longest handle that MSN knows, in bytes (msnp-core.md, section 1.6). */
const longestHandle = 129

/** The people of other networks as addresses of our server's domain. */
export class HostedAddresses {
  readonly #network: NetworkId
  readonly #domain: string
  readonly #namings: ReadonlyMap<NetworkId, Naming>

  /** `namings` tells how each home network spells its people; its id is a label of their address. */
  constructor(network: NetworkId, domain: string, namings: ReadonlyMap<NetworkId, Naming>) {
    this.#network = network
    this.#domain = domain.toLowerCase()
    this.#namings = namings
  }

  /** The address of somebody from elsewhere. Undefined when they cannot have one: unknown network, or longer than 129 bytes. */
  of(person: Address): Address | undefined {
    const name = this.#namings.get(person.network)?.split(person.id)
    if (!name || name.local === '') return undefined
    const host = name.host === undefined ? '' : `${escapeHost(name.host)}.`
    const id = `${escapeLocal(name.local)}@${host}${person.network}.${this.#domain}`
    return Buffer.byteLength(id) <= longestHandle ? { network: this.#network, id } : undefined
  }

  /** Whom an address stands for. Undefined when it is not of this form: then it is an account like any other. */
  behind(address: Address): Address | undefined {
    if (address.network !== this.#network) return undefined
    const at = address.id.lastIndexOf('@')
    for (const [network, naming] of this.#namings) {
      const host = withoutSuffix(address.id.slice(at + 1), `${network}.${this.#domain}`)
      if (at < 1 || host === undefined) continue
      const local = unescapeBytes(address.id.slice(0, at))
      const name = host === '' ? { local } : { local, host: unescapeBytes(host.replace(/_(\d+)$/, ':$1')) }
      const person = { network, id: naming.join(name) }
      return this.of(person)?.id === address.id ? person : undefined
    }
    return undefined
  }

  /** Whether a handle is in a domain that is kept for people from elsewhere, well formed or not. No account may have one. */
  owns(handle: string): boolean {
    const domain = handle.slice(handle.lastIndexOf('@') + 1).toLowerCase()
    return [...this.#namings.keys()].some((network) => withoutSuffix(domain, `${network}.${this.#domain}`) !== undefined)
  }
}

/** What stands before a suffix, without the dot between them; '' when it is the suffix alone. */
function withoutSuffix(domain: string, suffix: string): string | undefined {
  if (domain === suffix) return ''
  return domain.endsWith(`.${suffix}`) ? domain.slice(0, -suffix.length - 1) : undefined
}

function escapeLocal(local: string): string {
  return escapeBytes(local, /[a-z0-9._-]/)
}

/** A port is written `_n`, so an underscore of the name itself is escaped. */
function escapeHost(host: string): string {
  const [, name = host, port] = /^(.*):(\d+)$/.exec(host) ?? []
  return escapeBytes(name, /[a-z0-9.-]/) + (port === undefined ? '' : `_${port}`)
}

/** Everything that is not plain becomes `=hh`, byte by byte. */
function escapeBytes(text: string, plain: RegExp): string {
  let escaped = ''
  for (const byte of Buffer.from(text)) {
    const letter = String.fromCharCode(byte)
    escaped += plain.test(letter) ? letter : `=${byte.toString(16).padStart(2, '0')}`
  }
  return escaped
}

function unescapeBytes(text: string): string {
  const latin = text.replace(/=([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(latin, 'latin1').toString('utf8')
}
