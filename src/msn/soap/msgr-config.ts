// MsgrConfig: what a client is told about the services around the messenger before it signs in (msnp-services.md A19). Nothing in it leads to the
// official servers of old, which are gone or somebody else's.

import { readEnvelope, writeEnvelope } from './envelope.ts'
import { tag, textTag, type Xml, xmlDocument } from './xml.ts'

const namespace = 'http://www.msn.com/webservices/Messenger/Client'

export interface MsgrConfig {
  /** Pages of this host may do what others may not. */
  readonly host: string
  readonly textAdUrl: string
  /** Where the contact services are; absent: where the client thinks they are. */
  readonly contactsUrl?: string | undefined
}

/** The document as WLM gets it. */
export function writeMsgrConfig(config: MsgrConfig): string {
  return xmlDocument(documentOf(config))
}

/** The same as MSN 6 to 7.5 get it: as text in an answer of SOAP. */
export function writeMsgrConfigAnswer(config: MsgrConfig): string {
  const result = textTag('GetClientConfigResult', documentOf(config))
  return writeEnvelope(tag('GetClientConfigResponse', result, { xmlns: namespace }))
}

/** Whether a client asks for it by SOAP. */
export function isMsgrConfigRequest(xml: string): boolean {
  return readEnvelope(xml)?.call?.name === 'GetClientConfig'
}

function documentOf({ host, textAdUrl, contactsUrl }: MsgrConfig): Xml {
  const simple = tag('Simple', [
    tag('Config', textTag('ExpiresInDays', 0)),
    tag('P2PConfig', tag('ObjectStore', textTag('SendDelay', 1))),
    textTag('DisablePhoneDialer', 1),
    tag('MinFlashPlayer', undefined, { BuildNumber: '60', MajorVersion: '7', MinorVersion: '0' }),
    tag('Relay', [textTag('Enabled', 0), textTag('MaxCallLength', 0)]),
    tag('TrustedDomains', tag('domain', undefined, { name: host })),
    tag('ErrorResponseTable', tag('Feature', loginErrors.map(builtIn), { type: '0', name: 'Login' })),
  ])
  const tabs = tag('TabConfig', [
    tag('msntabdata'),
    tag('msntabsettings', [textTag('oemdisplaylimit', 1), textTag('oemtotallimit', 1)]),
  ])
  const contacts = contactsUrl === undefined ? undefined : tag('AbchCfg', tag('abchconfig', textTag('url', contactsUrl)))
  const localized = tag(
    'LocalizedConfig',
    [
      tag('AdMainConfig', [textTag('TextAdRefresh', 1), textTag('TextAdServer', textAdUrl)]),
      // Contacts that are telephones show as reachable only with this.
      tag('MobileMessaging'),
    ],
    { Market: 'en-US' },
  )
  return tag('MsgrConfig', [simple, tabs, contacts, localized])
}

/** Failures of sign-in for which a client shows its own text: wrong password, no connection, a wrong clock. */
const loginErrors = ['0x80048821', '0x80048823', '0x80072EFD', '0x80072EE7', '0x80072F05']

function builtIn(hr: string): Xml {
  return tag('Entry', undefined, { hr, action: '3' })
}
