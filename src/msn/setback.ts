// What went wrong with a client, as the gateway understands it: try again, wait for somebody, or tell the sender.

import type { Address } from '../core/address.ts'
import type { DeliveryError } from '../core/errors.ts'
import { Absent, ContentRefused, NetworkUnreachable } from '../core/errors.ts'
import { ClientError } from './client/errors.ts'
import { errorCodes } from './wire/errors.ts'

/** How long we leave a server alone that wants us to be slower, in milliseconds (msnp-core.md 3.19: others leave 7.6 s between two boards). */
const slower = 8_000

/** The account that we speak as is not signed in; the delivery waits for it. */
export function notSignedIn(as: Address): Absent {
  return new Absent(as, { key: 'delivery.login-offline', params: { account: as.id } })
}

/** What a failed delivery from one of our accounts to a contact means. Throws what is no ClientError as it is. */
export function setbackOf(error: unknown, as: Address, contact: Address): DeliveryError {
  if (!(error instanceof ClientError)) throw error
  if (error.number === errorCodes.notWhileHidden) return new ContentRefused({ key: 'msn.invisible' }, { cause: error })
  switch (error.code) {
    case 'contact-offline':
      return new Absent(contact, { key: 'delivery.contact-offline', params: { name: contact.id } }, { cause: error })
    case 'not-signed-in':
    case 'refused':
    case 'no-common-dialect':
      return notSignedIn(as)
    case 'no-such-contact':
      return new ContentRefused({ key: 'msn.no-such-account', params: { name: contact.id } }, { cause: error })
    case 'not-delivered':
      return new ContentRefused({ key: 'msn.not-delivered', params: { name: contact.id } }, { cause: error })
    case 'throttled':
      return new NetworkUnreachable({ cause: error, detail: error.message, retryAfter: slower })
    case 'connection-lost':
    case 'server-error':
      return new NetworkUnreachable({ cause: error, detail: error.message })
  }
}
