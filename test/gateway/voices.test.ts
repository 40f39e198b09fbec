// Who says what at the other end: the user's own account at home, and others in a room through the user's chair.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Utterance } from '../../src/core/content.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import type { MessageEvent, RemoteId } from '../../src/core/event.ts'
import type { LoginState } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import { asRelayed, shownName } from '../../src/gateway/relayed.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'

const romeoOnMsn = 'ghost:matrix:romeo'
let count = 0

function said(network: FakeNetwork, conversation: Omit<Conversation, 'network'>, from: string, content: Utterance): MessageEvent {
  const id = `v${count++}` as RemoteId
  const at = { network: network.id, ...conversation }
  return { kind: 'message', id, conversation: at, from: network.person(from), content, sentAt: 5 }
}

function heard(network: FakeNetwork) {
  return network.delivered.map(({ as, content }) => [as.id, content.kind === 'text' ? wordsOf(content) : content.kind])
}

/** Romeo and Juliet have talked: their room is there. */
async function talking() {
  const world = await fakeGateway()
  const { home, hosted, settle } = world
  const chair = { id: 'juliet@example.com', as: hosted.person(romeoOnMsn) }
  await hosted.tell(said(hosted, chair, 'juliet@example.com', plainText('Ay me')))
  await settle()
  home.delivered.splice(0)
  /** Romeo says something with another client. */
  const own = (content: Utterance) => hosted.tell(said(hosted, chair, romeoOnMsn, content))
  /** Somebody says something in the room. */
  const inRoom = async (from: string, content: Utterance, more: Partial<MessageEvent> = {}) => {
    const event = { ...said(home, { id: 'room-1' }, from, content), ...more }
    await home.tell(event)
    return event
  }
  return { ...world, chair, own, inRoom }
}

describe('what a user says elsewhere, who lends us their account at home', () => {
  it('appears as said by themselves, with its looks and its time', async () => {
    const { home, own, settle } = await talking()
    home.lent.add('romeo')
    const bold = { kind: 'text', runs: [{ text: 'She speaks', style: { bold: true } }] } as const
    const action = { kind: 'action', runs: [{ text: 'climbs the wall' }] } as const
    for (const content of [bold, action, { kind: 'nudge' } as const]) await own(content)
    await settle()
    expect(home.delivered).toMatchObject([
      { as: { id: 'romeo' }, content: bold, sentAt: 5 },
      { as: { id: 'romeo' }, content: action },
      { as: { id: 'romeo' }, content: { kind: 'nudge' } },
    ])
  })

  it('is told by the bot in the same place once they lend it no more, and nothing is lost', async () => {
    const { home, own, settle } = await talking()
    home.lent.add('romeo')
    await own(plainText('one'))
    await own(plainText('two'))
    home.refusals.push(new ContentRefused({ key: 'matrix.room-gone' }))
    await settle()
    home.lent.delete('romeo')
    await own({ kind: 'text', runs: [{ text: 'three' }] })
    await own({ kind: 'action', runs: [{ text: 'climbs' }] })
    await own({ kind: 'nudge' })
    await settle()
    expect(heard(home)).toEqual([
      ['bot', 'You: one'],
      ['romeo', 'two'],
      ['bot', 'You: three'],
      ['bot', '* You climbs'],
      ['bot', 'notice'],
    ])
  })

  it('appears so in a chat of several, too', async () => {
    const { home, hosted, settle } = await fakeGateway()
    home.lent.add('romeo')
    hosted.several.set('several-1', [hosted.person('juliet@example.com'), hosted.person('nurse@example.com')])
    const chair = { id: 'several-1', as: hosted.person(romeoOnMsn) }
    await hosted.tell(said(hosted, chair, romeoOnMsn, plainText('Good even, both')))
    await hosted.tell(said(hosted, chair, 'nurse@example.com', plainText('God ye good even')))
    await settle()
    expect(heard(home)).toEqual([
      ['romeo', 'Good even, both'],
      ['ghost:msn:nurse@example.com', 'God ye good even'],
    ])
  })

  it('waits for a homeserver that does not answer, rather than being said by somebody else', async () => {
    const { home, own, gateway, stores } = await talking()
    home.lent.add('romeo')
    await own(plainText('one'))
    home.refusals.push(new NetworkUnreachable())
    const delivery = stores.outbox.pushed.at(-1)
    if (!delivery) throw new Error('nothing was queued')
    await expect(gateway.perform(delivery, { again: false, late: false })).rejects.toBeInstanceOf(NetworkUnreachable)
    await gateway.perform(delivery, { again: true, late: false })
    expect(heard(home)).toEqual([['romeo', 'one']])
  })

  it('does not come back from the room, neither while it is under way nor later; what is copied from it does', async () => {
    const { home, hosted, own, inRoom, stores, settle } = await talking()
    home.lent.add('romeo')
    await own(plainText('She speaks'))
    const delivery = stores.outbox.pushed.at(-1)
    if (!delivery) throw new Error('nothing was queued')
    // The homeserver pushes it before we have noted that it arrived.
    await inRoom('romeo', plainText('She speaks'), { delivery: delivery.id })
    await settle()
    // And once more, after a restart.
    await inRoom('romeo', plainText('She speaks'), { id: `sent-${delivery.id}` as RemoteId, delivery: delivery.id })
    await settle()
    expect(hosted.delivered).toEqual([])
  })
})

describe('others in the room of a user', () => {
  async function relaying() {
    const world = await talking()
    const { portals, stores, home } = world
    const place = await portals.find({ network: home.id, id: 'room-1' })
    if (!place) throw new Error('there is no portal')
    await stores.portals.setRelays(place.portal.id, true)
    return world
  }

  it('speak through the chair of the user under the names that they have there', async () => {
    const { home, hosted, inRoom, settle } = await relaying()
    home.names.set('nurse', 'Nurse\u202e\nof  Juliet')
    home.names.set('peter', ' \u200b\n')
    await inRoom('nurse', plainText('Madam!'))
    await inRoom('nurse', { kind: 'action', runs: [{ text: 'calls' }] })
    await inRoom('romeo', plainText('Good nurse'))
    await inRoom('peter', plainText('Anon'))
    await inRoom('peter', { kind: 'nudge' })
    await settle()
    expect(heard(hosted)).toEqual([
      [romeoOnMsn, 'Nurse of Juliet: Madam!'],
      [romeoOnMsn, '* Nurse of Juliet calls'],
      [romeoOnMsn, 'Good nurse'],
      [romeoOnMsn, 'peter: Anon'],
      [romeoOnMsn, '* peter sends a nudge'],
    ])
  })

  it('change what they said and take it back while it waits, and no other can', async () => {
    const { home, hosted, inRoom, settle } = await relaying()
    const first = await inRoom('nurse', plainText('Madam!'))
    const edit = (of: RemoteId, words: string) => ({ kind: 'edit', of, content: plainText(words) }) as const
    await inRoom('tybalt', edit(first.id, 'Villain!'))
    await inRoom('nurse', edit(first.id, 'Lady!'))
    const second = await inRoom('nurse', plainText('Anon'))
    const conversation = { network: home.id, id: 'room-1' }
    await home.tell({ kind: 'redaction', id: 'r1' as RemoteId, conversation, of: second.id, by: home.person('nurse') })
    await settle()
    expect(heard(hosted)).toEqual([[romeoOnMsn, 'nurse: Lady!']])
  })

  it('are quoted by name when they are answered', async () => {
    const { home, hosted, inRoom, settle } = await relaying()
    home.names.set('nurse', 'Nurse')
    const first = await inRoom('nurse', plainText('Madam!'))
    await settle()
    await inRoom('romeo', plainText('What is it?'), { about: { id: first.id, how: 'answer' } })
    await settle()
    expect(hosted.delivered.at(-1)).toMatchObject({ content: { about: { from: 'Nurse', line: 'Madam!' } } })
  })

  it('hear in the room what became of what they said', async () => {
    const { home, hosted, inRoom, settle } = await relaying()
    hosted.refusals.push(new ContentRefused({ key: 'delivery.no-portal' }))
    const event = await inRoom('nurse', plainText('Madam!'))
    await settle()
    expect(home.delivered.at(-1)).toMatchObject({ content: { kind: 'outcome', of: event.id, state: 'failed' } })
  })

  it('who may not be carried are told so once a day, and their typing is nobody’s business', async () => {
    const { home, hosted, inRoom, settle } = await relaying()
    home.levels.set('tybalt', 'block')
    home.levels.set('nurse', 'relay')
    await inRoom('tybalt', plainText('Villain!'))
    await inRoom('tybalt', plainText('Villain!'))
    await inRoom('nurse', plainText('Peace!'))
    const conversation = { network: home.id, id: 'room-1' }
    for (const who of ['tybalt', 'nurse']) await home.tell({ kind: 'typing', conversation, from: home.person(who), typing: true })
    await settle()
    expect(heard(hosted)).toEqual([[romeoOnMsn, 'nurse: Peace!']])
    expect(home.delivered).toMatchObject([{ content: { kind: 'outcome', phrase: { key: 'relay.not-allowed' } } }])
    expect(hosted.signals).toEqual([])
  })

  it('rename nobody', async () => {
    const { hosted, inRoom, settle } = await relaying()
    const before = hosted.introduced.length
    await inRoom('nurse', plainText('Madam!'), { fromName: 'Nurse' })
    await settle()
    expect(hosted.introduced.slice(before).filter(({ name }) => name === 'Nurse')).toEqual([])
  })
})

describe('a name before words', () => {
  it('is on one line, in the direction of the line, and short, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const shown = shownName(name)
        expect(shown).not.toMatch(/[\r\n\t\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\s\s|^\s|\s$/u)
        expect([...shown].length).toBeLessThanOrEqual(40)
        expect(shown.isWellFormed()).toBe(true)
      }),
    )
  })

  it('stands before every kind of words', () => {
    const media = { kind: 'media', what: 'image', name: 'rose.png', ref: 'mxc://hs/1' } as const
    const about = { line: 'Hist!', how: 'answer' } as const
    const shown = (content: Utterance) => asRelayed(content, 'Nurse', 'en')
    expect(shown(media)).toEqual({ ...media, caption: [{ text: 'Sent by Nurse.' }] })
    expect(shown({ ...media, caption: [{ text: 'Look!' }] })).toEqual({
      ...media,
      caption: [{ text: 'Nurse: ' }, { text: 'Look!' }],
    })
    expect(shown({ kind: 'reaction', of: '$1' as RemoteId, emoji: '🌹', about })).toEqual({
      kind: 'text',
      runs: [{ text: '* Nurse reacts with 🌹' }],
      about,
    })
    expect(shown({ kind: 'action', runs: [{ text: 'calls' }], about })).toEqual({
      kind: 'text',
      runs: [{ text: '* Nurse ' }, { text: 'calls' }],
      about,
    })
    const edit = { kind: 'edit', of: '$1' as RemoteId, content: plainText('Lady!') } as const
    expect(shown(edit)).toEqual({ ...edit, content: { kind: 'text', runs: [{ text: 'Nurse: ' }, { text: 'Lady!' }] } })
  })
})

describe('whoever lends their account at home', () => {
  async function lending() {
    const world = await fakeGateway()
    const { home, stores, settle, ask } = world
    await ask('help')
    const said = await ask('login-matrix a-token-of-romeo')
    const login = home.connected[0]?.login
    if (!login) throw new Error('nothing was lent')
    const changed = async (state: LoginState) => {
      const before = home.delivered.length
      const reason = state === 'refused' ? ({ reason: { key: 'puppet.signed-out' } } as const) : {}
      await home.tell({ kind: 'login-state', login: login.id, state, ...reason })
      await settle()
      return home.delivered.slice(before).map(({ content }) => (content.kind === 'notice' ? content.phrase.key : content.kind))
    }
    return { ...world, stores, said, login, changed }
  }

  it('hears once that it works and once that it does not any more, in its own words', async () => {
    const { said, changed } = await lending()
    expect(said).toEqual(['puppet.asking'])
    expect(await changed('reconnecting')).toEqual(['puppet.unreachable'])
    expect(await changed('online')).toEqual(['puppet.lent'])
    expect(await changed('refused')).toEqual(['puppet.broken'])
    expect(await changed('refused')).toEqual([])
  })

  it('has no account there that is listed, sat in or asked for contacts, and hears nothing of short pauses', async () => {
    const { ask, changed, timers } = await lending()
    await changed('online')
    expect(await ask('status')).not.toContain('status.login')
    expect(await ask('logins')).not.toContain('status.login')
    expect(await ask('logout')).toEqual(['logout.none'])
    expect(await changed('reconnecting')).toEqual([])
    await timers.pass(10 * 60_000)
    expect(await changed('online')).toEqual([])
  })

  it('never has the token written down anywhere that is not sealed', async () => {
    const { stores } = await lending()
    expect(JSON.stringify(stores.outbox.pushed)).not.toContain('a-token-of-romeo')
  })

  it('is spoken for after a restart, before accounts elsewhere are signed in', async () => {
    const { home, linked, stores, logins, changed } = await lending()
    await changed('online')
    const user = await stores.users.at(home.person('romeo'))
    const other = await stores.logins.save(user.id, linked.person('romeo@verona.test'), { password: new Secret('rosaline') })
    if (!other) throw new Error('the account is taken')
    await stores.logins.setState(other.id, 'online')
    home.connected.splice(0)
    linked.connected.splice(0)
    void logins.restore()
    await expect.poll(() => home.connected).toMatchObject([{ password: 'a-token-of-romeo' }])
  })
})
