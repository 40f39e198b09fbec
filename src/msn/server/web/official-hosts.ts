// The host names that clients have built in (msnp-services.md A1): each must lead to us for a client that is not patched.

export interface OfficialHost {
  readonly name: string
  /** The first generation of clients that asks for it. */
  readonly since: '1.0' | '4.0' | '5.0' | '7.5' | '8.0' | '2009'
  /** Whether it is asked by HTTPS, so that our certificate has to name it. */
  readonly secure: boolean
}

export const officialHosts: readonly OfficialHost[] = [
  { name: 'messenger.hotmail.com', since: '1.0', secure: false },
  { name: 'gateway.messenger.hotmail.com', since: '4.0', secure: false },
  { name: 'svcs.microsoft.com', since: '4.0', secure: false },
  { name: 'g.msn.com', since: '5.0', secure: false },
  { name: 'config.messenger.msn.com', since: '5.0', secure: true },
  { name: 'nexus.passport.com', since: '5.0', secure: true },
  { name: 'login.passport.com', since: '5.0', secure: true },
  { name: 'loginnet.passport.com', since: '5.0', secure: true },
  { name: 'login.live.com', since: '5.0', secure: true },
  { name: 'msnia.login.live.com', since: '7.5', secure: true },
  { name: 'rsi.hotmail.com', since: '7.5', secure: true },
  { name: 'ows.messenger.msn.com', since: '8.0', secure: true },
  { name: 'contacts.msn.com', since: '8.0', secure: true },
  { name: 'byrdr.omega.contacts.msn.com', since: '8.0', secure: true },
  { name: 'local-bay.contacts.msn.com', since: '8.0', secure: true },
  { name: 'storage.msn.com', since: '8.0', secure: true },
  { name: 'tkrdr.storage.msn.com', since: '8.0', secure: true },
  { name: 'cc.services.spaces.live.com', since: '8.0', secure: false },
  { name: 'sup.live.com', since: '2009', secure: false },
  { name: 'directory.services.live.com', since: '2009', secure: true },
]
