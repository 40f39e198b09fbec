// How something said belongs to something said before (Matrix specification, client-server API 11.38, 11.39, 11.42).

import type { MessageEvent, RemoteId } from '../../core/event.ts'
import type { Relation } from '../events.ts'

/** What a message answers, or the beginning of the thread that it is in. What a client adds for others that know no threads is no answer. */
export function aboutOf(relation: Relation | undefined): MessageEvent['about'] {
  const answered = relation?.['m.in_reply_to']?.event_id
  if (relation?.rel_type === 'm.thread') {
    if (answered !== undefined && relation.is_falling_back !== true) return { id: answered as RemoteId, how: 'answer' }
    return relation.event_id === undefined ? undefined : { id: relation.event_id as RemoteId, how: 'thread' }
  }
  return answered === undefined ? undefined : { id: answered as RemoteId, how: 'answer' }
}

/** The message that is said anew; undefined where it is none. */
export function changedBy(relation: Relation | undefined): RemoteId | undefined {
  return relation?.rel_type === 'm.replace' ? (relation.event_id as RemoteId | undefined) : undefined
}
