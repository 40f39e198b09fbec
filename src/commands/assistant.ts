// Our bot: reads what a user writes to it, in one line or in the middle of a talk, and answers.
// What is written to it may be a password, so nothing of it is repeated, stored or logged.

import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { RequestEvent } from '../core/event.ts'
import type { Level } from '../core/level.ts'
import { allows } from '../core/level.ts'
import type { Dialogue, Dialogues } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Ask, Reply } from './command.ts'
import type { Desk } from './desk.ts'
import { takeOut, takeOutQuietly } from './secret.ts'
import { suggestion } from './suggestion.ts'
import type { Entry } from './table.ts'
import { commandNamed, commands } from './table.ts'

/** The name under which a talk is kept that has ended; it only serves to know a replayed request again. */
const ended = ''

/** Somebody in the middle of a talk who writes this wants something else, and not that it is taken for an answer. */
const interruptions = ['login', 'help']

/** Where a talk stands after a request; without a command it has ended. */
type State = Omit<Dialogue, 'by'>

const over: State = { command: ended, answers: {} }

export class Assistant {
  readonly #desk: Desk
  readonly #dialogues: Dialogues

  constructor({ desk, dialogues }: { desk: Desk; dialogues: Dialogues }) {
    this.#desk = desk
    this.#dialogues = dialogues
  }

  /** What the bot says to a request. The same request again, as after a crash, is answered with nothing. */
  async answer(user: User, request: RequestEvent, level: Level): Promise<readonly Phrase[]> {
    const dialogue = await this.#dialogues.get(user.id)
    if (dialogue?.by === request.id) return []
    const open = dialogue && dialogue.command !== ended ? dialogue : undefined
    const { say, state } = await this.#reply({ user, request, level }, open)
    await this.#dialogues.set(user.id, { ...state, by: request.id })
    return say
  }

  async #reply(from: Writer, open: Dialogue | undefined): Promise<{ say: readonly Phrase[]; state: State }> {
    const { user, request } = from
    const { word, rest } = read(request.text)
    if (word === 'cancel' && open) return { say: [{ key: 'command.cancelled' }], state: over }
    if (open && isHeldIn(open, request.conversation)) return this.#goOn(from, open)
    const state = open ?? over
    if (word === 'login' && open)
      return { say: [{ key: 'command.busy-elsewhere', params: { where: this.#desk.officeOf(user) } }], state }
    const entry = commandNamed(word === '' ? 'help' : word)
    const ask = await this.#ask(from, rest)
    if (!entry) return { say: await this.#notKnown(word, ask), state }
    const refusal = await this.#refusal(entry, ask)
    if (refusal) return { say: refusal, state }
    const reply = await entry.run(ask, this.#desk)
    return { say: reply.say, state: reply.next ? stateOf(entry, reply, request) : state }
  }

  /** The next answer of a talk. It is taken as it was typed. */
  async #goOn(from: Writer, open: Dialogue): Promise<{ say: readonly Phrase[]; state: State }> {
    const { request } = from
    const entry = commandNamed(open.command)
    if (!entry || !allows(from.level, entry.needs)) return { say: [{ key: 'command.unknown' }], state: over }
    if (interruptions.includes(request.text.trim().toLowerCase())) return { say: [{ key: 'command.busy' }], state: open }
    const reply = await entry.run({ ...(await this.#ask(from, request.text)), answers: open.answers }, this.#desk)
    return { say: reply.say, state: reply.next ? stateOf(entry, reply, request) : over }
  }

  /** Why a command is not done; undefined where it is. */
  async #refusal(entry: Entry, ask: Ask): Promise<readonly Phrase[] | undefined> {
    const { prefix } = ask
    if (!allows(ask.level, entry.needs)) return [{ key: 'command.not-allowed' }]
    if (entry.where === 'chat' && !ask.chat) return [{ key: 'command.only-in-chat', params: { prefix } }]
    if (entry.where === 'room' && (ask.isPrivate || ask.chat)) return [{ key: 'command.only-in-room', params: { prefix } }]
    const secrecy = ask.isPrivate ? 'none' : entry.secrecy(ask.text)
    return secrecy === 'none' ? undefined : this.#keepSecret(secrecy === 'holds', ask)
  }

  /** Suggests what may have been meant. A secret that stands behind a word with a mistake in it goes as it would behind the right one. */
  async #notKnown(word: string, ask: Ask): Promise<readonly Phrase[]> {
    const meant = commandNamed(suggestion(word, namesFor(ask.level)) ?? '')
    if (!meant) return [{ key: 'command.unknown' }]
    const phrase: Phrase = { key: 'command.did-you-mean', params: { name: meant.name } }
    if (meant.secrecy(ask.text) !== 'holds') return [phrase]
    return ask.isPrivate ? [...(await takeOutQuietly(ask)), phrase] : this.#keepSecret(true, ask)
  }

  /** A secret has no place where others read along, and what was written there of it goes. */
  async #keepSecret(isWritten: boolean, ask: Ask): Promise<readonly Phrase[]> {
    const where = this.#desk.officeOf(ask.user)
    const gone: Phrase[] = isWritten
      ? [{ key: (await takeOut(ask)) ? 'command.secret-removed' : 'command.secret-not-removed' }]
      : []
    return [...gone, { key: 'command.private-only', params: { where } }]
  }

  async #ask({ user, request, level }: Writer, text: string): Promise<Ask> {
    const { conversation, isPrivate, prefix, about } = request
    const chat = isPrivate ? undefined : await this.#desk.chatIn(conversation)
    const hasSay = chat && (chat.portal.user === user.id || level === 'admin')
    return {
      ...{ user, level, text, answers: {}, conversation, isPrivate, prefix, cause: request.id },
      ...(hasSay && { chat }),
      ...(about && { about }),
      redact: () => request.redact(),
    }
  }
}

/** Who wrote what, and what they may do. */
interface Writer {
  readonly user: User
  readonly request: RequestEvent
  readonly level: Level
}

/** The first word of a request, and what follows it, in one line: a second one is no second command. */
function read(text: string): { word: string; rest: string } {
  const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(text) ?? []
  return { word: word.toLowerCase(), rest: rest.replace(/\s*[\r\n]+\s*/g, ' ').trim() }
}

function isHeldIn(dialogue: Dialogue, conversation: Conversation): boolean {
  return dialogue.in === conversationKey(conversation)
}

function stateOf({ name }: Entry, { next = {} }: Reply, { conversation }: RequestEvent): State {
  return { command: name, answers: next, in: conversationKey(conversation) }
}

/** The commands that somebody may use. */
function namesFor(level: Level): string[] {
  return [...commands.values()].filter(({ needs }) => allows(level, needs)).map(({ name }) => name)
}
