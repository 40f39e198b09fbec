// What a user said with another client of theirs: it appears at home as said by themselves, or, where they do not lend us their account, as our
// bot tells it.

import type { Utterance } from '../core/content.ts'
import type { Parcel } from '../core/delivery.ts'
import { DeliveryError } from '../core/errors.ts'
import type { Network, Receipt } from '../core/network.ts'
import { lendsPuppets } from '../core/network.ts'
import type { Locale } from '../core/words.ts'
import { say } from '../core/words.ts'
import { prefixed } from './relayed.ts'

/** Whether a parcel is to be delivered as somebody's own account at home, and not as one of ours. */
export function isAsThemselves(network: Network, { as }: Pick<Parcel, 'as'>): boolean {
  return network.face === 'home' && as.id !== network.bot?.id && network.behind(as) === undefined
}

/** Delivers a parcel as somebody themselves; as told by our bot when they do not lend us their account, or not any more. Throws a DeliveryError. */
export async function deliverAsThemselves(network: Network, parcel: Parcel, locale?: Locale): Promise<Receipt> {
  try {
    if (lendsPuppets(network) && (await network.lends(parcel.as))) return await network.deliver(parcel)
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.fate !== 'fail') throw error
  }
  const { bot } = network
  const { content } = parcel
  if (!bot || content.kind === 'attendance') return network.deliver(parcel)
  return network.deliver({ ...parcel, as: bot, content: asYourOwn(content, locale) })
}

/** "You: Hist!" for what the reader said; looks are kept. */
export function asYourOwn(content: Utterance, locale?: Locale): Utterance {
  if (content.kind === 'nudge') return { kind: 'notice', phrase: { key: 'own.nudged' } }
  return prefixed(content, {
    said: say({ key: 'own.said' }, locale),
    did: say({ key: 'own.did' }, locale),
    sent: say({ key: 'own.sent' }, locale),
    nudged: say({ key: 'own.nudged' }, locale),
    reacted: (emoji) => say({ key: 'own.reacted', params: { emoji } }, locale),
  })
}
