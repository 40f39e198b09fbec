// The host names that clients have built in (msnp-services.md A1): each must lead to us for a client that is not patched.

export interface OfficialHost {
  readonly name: string
  /** The first generation of clients that asks for it. */
  readonly since: '1.0' | '4.0' | '5.0' | '7.5' | '8.0' | '2009'
}

export const officialHosts: readonly OfficialHost[] = [
  { name: 'messenger.hotmail.com', since: '1.0' },
  { name: 'gateway.messenger.hotmail.com', since: '4.0' },
  { name: 'svcs.microsoft.com', since: '4.0' },
  { name: 'g.msn.com', since: '5.0' },
  { name: 'config.messenger.msn.com', since: '5.0' },
  { name: 'nexus.passport.com', since: '5.0' },
  { name: 'login.passport.com', since: '5.0' },
  { name: 'loginnet.passport.com', since: '5.0' },
  { name: 'login.live.com', since: '5.0' },
  { name: 'msnia.login.live.com', since: '7.5' },
  { name: 'rsi.hotmail.com', since: '7.5' },
  { name: 'ows.messenger.msn.com', since: '8.0' },
  { name: 'contacts.msn.com', since: '8.0' },
  { name: 'byrdr.omega.contacts.msn.com', since: '8.0' },
  { name: 'local-bay.contacts.msn.com', since: '8.0' },
  { name: 'storage.msn.com', since: '8.0' },
  { name: 'tkrdr.storage.msn.com', since: '8.0' },
  { name: 'cc.services.spaces.live.com', since: '8.0' },
  { name: 'sup.live.com', since: '2009' },
  { name: 'directory.services.live.com', since: '2009' },
]

/** Whether a host is called by one of these names. */
export function isOfficialHost(host: string): boolean {
  return officialHosts.some(({ name }) => name === host.toLowerCase())
}
