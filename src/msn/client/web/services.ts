// All that a network has on the web, put together by where it is (msnp-services.md A21).

import type { Clock } from '../../../core/clock.ts'
import type { Secret } from '../../../core/secret.ts'
import { ClientError } from '../errors.ts'
import { passportSignIn } from '../passport.ts'
import type { ObtainTicket } from '../sign-in.ts'
import type { WebServices } from '../web-ports.ts'
import { WebAddressBook } from './address-book.ts'
import type { WebCall } from './call.ts'
import { WebOfflineBox } from './offline.ts'
import { tokenSignIn, WebTokens } from './tokens.ts'

/** Where the web services of a network are; one that is absent it does not have. */
export interface WebPlaces {
  /** Passport 1.4: says where a password becomes a ticket. */
  readonly nexus?: string
  /** RST, or RST2 where that is its name. Nothing below is of use without it. */
  readonly rst?: string
  /** The address book; memberships are kept beside it. */
  readonly contacts?: string
  /** Offline messages: to read, and to send. */
  readonly offlineRead?: string
  readonly offlineSend?: string
}

export interface NetworkWeb {
  /** A ticket for `USR TWN`. */
  readonly signIn: ObtainTicket
  /** What the network has for one account. */
  readonly servicesFor: (account: string, password: Secret) => WebServices
}

/** The web services of a network. */
export function networkWeb(places: WebPlaces, call: WebCall, clock: Clock): NetworkWeb {
  const { rst, contacts, offlineRead: read, offlineSend: send } = places
  return {
    signIn: signInAt(places, call, clock),
    servicesFor: (account, password) => {
      if (rst === undefined) return {}
      const tokens = new WebTokens({ account, password, rst, call, clock })
      return {
        tickets: tokens,
        ...(contacts !== undefined && { book: new WebAddressBook({ account, contacts, tokens, call }) }),
        ...((read ?? send) !== undefined && { offline: new WebOfflineBox({ account, read, send, tokens, call }) }),
      }
    },
  }
}

/** At the nexus; or at the token service, where there is no nexus or it is out of order. */
function signInAt({ nexus, rst }: WebPlaces, call: WebCall, clock: Clock): ObtainTicket {
  const atTokens = rst === undefined ? undefined : tokenSignIn({ rst, call, clock })
  const atNexus = nexus === undefined ? atTokens : passportSignIn({ nexus }, call)
  return async (request) => {
    if (!atNexus) throw new ClientError('server-error', 'the network has no place where a password becomes a ticket')
    try {
      return await atNexus(request)
    } catch (error) {
      const refused = error instanceof ClientError && error.code === 'refused'
      if (refused || !atTokens || nexus === undefined) throw error
      return atTokens(request)
    }
  }
}
