// What somebody says with an event. Pure: what needs to be asked or remembered (links to files, earlier polls) is for others.

import { z } from 'zod'
import type { Edit, Utterance } from '../../core/content.ts'
import type { MessageEvent, RemoteId } from '../../core/event.ts'
import type { Phrase } from '../../core/words.ts'
import type { MessageContent, RoomEvent } from '../events.ts'
import { readMessage, readRelation } from '../events.ts'
import { cleanText } from '../style.ts'
import { isAttachment, readAttachment } from './attachment.ts'
import { readPlace } from './place.ts'
import { pollEndText, pollText, readPoll } from './poll.ts'
import { aboutOf, changedBy } from './relation.ts'
import { isTooLong, plainRuns, readWords } from './words.ts'

/** A smiley, or the name of one. */
const longestReaction = 100

/** Something said, and what it belongs to. */
export interface Said {
  readonly content: Utterance
  readonly about?: MessageEvent['about']
}

/** What an event came to: something said, a phrase that says why it cannot be carried on, or nothing that anybody said. */
export type Reading = Said | Phrase | undefined

interface Options {
  /** The reaction that is a nudge. */
  readonly nudgeReaction: string
}

/** Reads what somebody says. What a bot says (`m.notice`) is not carried on; of what we do not know, its text is. */
export function readSaid({ type, content }: Pick<RoomEvent, 'type' | 'content'>, { nudgeReaction }: Options): Reading {
  switch (type) {
    case 'm.room.message': {
      const message = readMessage(content)
      // A message that was taken back has no content left.
      return message && readRoomMessage(message, content)
    }
    case 'm.sticker': {
      const sticker = readMessage({ ...content, msgtype: type })
      return sticker && toldAbout(sticker, readAttachment(sticker, content))
    }
    case 'm.reaction':
      return readReaction(content, nudgeReaction)
    case 'm.poll.start':
    case 'org.matrix.msc3381.poll.start': {
      const poll = readPoll(content)
      return poll && { content: pollText(poll) }
    }
    case 'm.poll.end':
    case 'org.matrix.msc3381.poll.end':
      return { content: pollEndText(content) }
    case 'm.call.invite':
    case 'org.matrix.msc4075.call.notify':
    case 'org.matrix.msc4075.rtc.notification':
      return { key: 'matrix.call' }
    case 'm.beacon_info':
    case 'org.matrix.msc3672.beacon_info':
      return content['live'] === true ? { key: 'matrix.moving-place' } : undefined
    case 'm.room.encrypted':
      return { key: 'matrix.encrypted-message' }
    default:
      return undefined
  }
}

function readRoomMessage(message: MessageContent, content: RoomEvent['content']): Reading {
  const of = changedBy(message['m.relates_to'])
  if (of !== undefined) return readEdit(message, content, of)
  if (isSilent(message.msgtype)) return undefined
  if (isAttachment(message.msgtype)) return toldAbout(message, readAttachment(message, content))
  if (isTooLong(message)) return { key: 'matrix.too-long' }
  const place = message.msgtype === 'm.location' ? readPlace(content) : undefined
  return toldAbout(message, place ?? readWords(message))
}

/** Notices are for people and not for other bots; the rest is talk between machines. */
function isSilent(msgtype: string): boolean {
  return msgtype === 'm.notice' || msgtype === 'm.server_notice' || msgtype.startsWith('m.key.verification.')
}

function toldAbout(message: MessageContent, read: Utterance | Phrase | undefined): Reading {
  if (read === undefined || !('kind' in read)) return read
  const about = aboutOf(message['m.relates_to'])
  return { content: read, ...(about && { about }) }
}

/** Of a file that was changed, what is said along with it. */
function readEdit(message: MessageContent, content: RoomEvent['content'], of: RemoteId): Reading {
  const anew = readMessage(content['m.new_content']) ?? { ...message, body: message.body.replace(/^ ?\* /, '') }
  if (isSilent(anew.msgtype)) return undefined
  const read = isAttachment(anew.msgtype)
    ? readAttachment(anew, content['m.new_content'])
    : isTooLong(anew)
      ? tooLong
      : readWords(anew)
  if (read === undefined) return undefined
  if (!('kind' in read)) return read
  if (read.kind !== 'media') return { content: { kind: 'edit', of, content: read } satisfies Edit }
  return read.caption ? { content: { kind: 'edit', of, content: { kind: 'text', runs: read.caption } } } : { key: 'matrix.edit' }
}

const tooLong: Phrase = { key: 'matrix.too-long' }

const optionalName = z.string().optional().catch(undefined)
const reactionNames = z.object({ shortcode: optionalName, 'com.beeper.reaction.shortcode': optionalName })

function readReaction(content: RoomEvent['content'], nudgeReaction: string): Reading {
  const { rel_type: type, event_id: of, key = '' } = readRelation(content['m.relates_to']) ?? {}
  if (type !== 'm.annotation' || of === undefined) return undefined
  if (withoutColour(key) === withoutColour(nudgeReaction)) return { content: { kind: 'nudge' } }
  const names = reactionNames.parse(content)
  // A picture of one's own has a name that others can read.
  const emoji = key.startsWith('mxc://') ? (names.shortcode ?? names['com.beeper.reaction.shortcode'] ?? '') : key
  const [run] = plainRuns(
    [...cleanText(emoji.slice(0, 4 * longestReaction)).replace(/\s+/g, ' ')].slice(0, longestReaction).join(''),
  )
  return { content: { kind: 'reaction', of: of as RemoteId, emoji: run?.text ?? '🖼️' } }
}

/** An emoji without what says that it is to be coloured, which some clients add. */
function withoutColour(emoji: string): string {
  return emoji.replaceAll('\ufe0f', '')
}
