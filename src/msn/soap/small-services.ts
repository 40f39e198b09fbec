// Services of which a client only needs an answer, so that it does not wait (msnp-services.md A18).

import { readEnvelope, writeEnvelope, writeFault } from './envelope.ts'
import { tag, textTag, xmlDocument } from './xml.ts'

/** What's New: nothing is new. Undefined when something else is asked. The answer has the namespace of the question. */
export function answerWhatsNew(xml: string): string | undefined {
  const { call } = readEnvelope(xml) ?? {}
  if (call?.name !== 'GetContactsRecentActivity') return undefined
  const result = tag('GetContactsRecentActivityResult', [tag('Activities'), tag('Templates')])
  return writeEnvelope(tag('GetContactsRecentActivityResponse', result, { xmlns: call.attributes['xmlns'] }))
}

/** The directory of people, contact cards: there is none. */
export function writeNotHere(): string {
  return writeFault({ code: 'Client', reason: 'This service is not provided here.' })
}

/** The tabs of MSN 4 and 5: none. */
export function writeTabs(): string {
  const settings = tag('msntabsettings', [textTag('oemtotallimit', 1), textTag('oemdisplaylimit', 1)])
  // Two elements side by side, as these clients know it.
  return `${xmlDocument(settings)}${tag('msntabdata')}`
}

/** The advert below the contact list of MSN 6: none. */
export function writeTextAd(): string {
  const fields = [textTag('adtext', ''), textTag('hiturl', ''), tag('tab'), tag('ct'), textTag('flag', 0)]
  return xmlDocument(tag('TEXTAD', fields))
}
