// What strangers, clients and homeservers can send that they should not, and what happens instead: from the HTTP door to what the gateway is told and
// what people read. The rows are those of the issue, "Bad input", and of peers.md 5.3 (11).

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { MessageEvent, NetworkEvent } from '../../src/core/event.ts'
import type { PortalId } from '../../src/core/portal.ts'
import type { MatrixConfig } from '../../src/matrix/config.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import type { MatrixNetwork } from '../../src/matrix/network.ts'
import { newToken } from '../../src/matrix/registration.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'
import { julietsGhost, Lines, makeNetwork } from './stage.ts'

const romeo = { network: networkId('matrix'), id: '@romeo:hs.test' }
const bot = '@msnbot:hs.test'
const hour = 3_600_000

let stub: StubHomeserver
let config: MatrixConfig
let records: MemoryRecords
let network: MatrixNetwork
let told: NetworkEvent[]
let lines: Lines
/** The room in which Romeo talks with Juliet's ghost. */
let room: string
let nextEvent: number

async function startNetwork(): Promise<void> {
  lines = new Lines()
  network = makeNetwork(config, records, lines)
  await network.start(async (event) => {
    told.push(event)
  })
  await lines.line(/reach each other/)
}

beforeEach(async () => {
  stub = await StubHomeserver.start()
  config = matrixConfig.parse({
    homeserver: stub.url,
    domain: 'hs.test',
    listen: { port: 0 },
    asToken: newToken(),
    hsToken: newToken(),
    media: { url: 'http://files.example', listen: { port: 0 } },
  })
  records = new MemoryRecords()
  told = []
  nextEvent = 0
  await startNetwork()
  room = (await network.open({ portal: 'portal' as PortalId, as: julietsGhost, user: romeo })).id
  stub.asked.length = 0
})

afterEach(async () => {
  await network.stop()
  await stub.stop()
})

/** An event by Romeo in his room with Juliet. */
function event(content: unknown, more: object = {}): Record<string, unknown> {
  return {
    type: 'm.room.message',
    event_id: `$${nextEvent++}`,
    room_id: room,
    sender: romeo.id,
    origin_server_ts: Date.now(),
    content,
    ...more,
  }
}

const text = (body: unknown, more: object = {}) => ({ msgtype: 'm.text', body, ...more })

async function push(transaction: string, body: unknown): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${network.port}/_matrix/app/v1/transactions/${transaction}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${config.hsToken.reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return answer.status
}

const messages = () => told.filter((each): each is MessageEvent => each.kind === 'message')
const wordsOf = ({ content }: MessageEvent) => ('runs' in content ? content.runs.map((run) => run.text).join('') : content.kind)
const texts = () => messages().map(wordsOf)

/** What people in the room read of us. */
const read = () =>
  stub.asked
    .filter(({ path }) => path.startsWith(`rooms/${room}/send/`))
    .map(({ body }) => String((body as { body?: unknown }).body))

/** Still alive, and still carrying what is said. */
async function carriesOn(): Promise<void> {
  expect(await push('last', { events: [event(text('Good night.'))] })).toBe(200)
  expect(texts().at(-1)).toBe('Good night.')
}

describe('a transaction', () => {
  it('that is repeated tells nothing twice', async () => {
    const body = { events: [event(text('one')), event(text('two'))] }
    for (let times = 0; times < 3; times++) expect(await push('1', body)).toBe(200)
    expect(texts()).toEqual(['one', 'two'])
  })

  it('that is repeated after a restart tells of the same messages under the same ids, which the outbox refuses', async () => {
    const body = { events: [event(text('one'))] }
    await push('1', body)
    await network.stop()
    await startNetwork()
    expect(await push('1', body)).toBe(200)
    const [first, again] = messages()
    expect(again).toEqual(first)
  })

  it('that comes out of order is taken, each room in the order in which it came', async () => {
    const pushed = async (transaction: string, words: string) => {
      const body = { events: [event(text(words))] }
      // Where one seems to be missing, the homeserver is asked for it once (gaps.ts).
      if ((await push(transaction, body)) !== 200) expect(await push(transaction, body)).toBe(200)
    }
    await pushed('5', 'five')
    await pushed('3', 'three')
    await pushed('6', 'six')
    expect(texts()).toEqual(['five', 'three', 'six'])
  })

  it('with ten thousand events is taken whole, in order', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => event(text(String(index))))
    expect(await push('1', { events: many })).toBe(200)
    expect(texts()).toEqual(many.map((_, index) => String(index)))
  })

  it.each<[string, object]>([
    ['to-device messages', { 'de.sorunome.msc2409.to_device': [{ type: 'm.room_key_request', content: {}, sender: '@a:b' }] }],
    ['to-device messages under their later name', { to_device: Array.from({ length: 1000 }, () => ({ type: 'x' })) }],
    ['to-device messages that are none', { 'de.sorunome.msc2409.to_device': 'many' }],
    [
      'counts of keys',
      { 'org.matrix.msc3202.device_one_time_key_counts': { '@a:b': { DEVICE: { signed_curve25519: -1e300 } } } },
    ],
    ['counts of keys that are none', { 'org.matrix.msc3202.device_one_time_keys_count': [null] }],
    ['fallback keys', { 'org.matrix.msc3202.device_unused_fallback_key_types': { '@a:b': 7 } }],
    [
      'lists of devices',
      { 'org.matrix.msc3202.device_lists': { changed: Array.from({ length: 10_000 }, () => '@a:b'), left: {} } },
    ],
    ['ephemeral events that are none', { ephemeral: { type: 'm.typing' } }],
    ['a key of its own', { constructor: { prototype: {} } }],
  ])('with %s passes them over', async (_, extra) => {
    expect(await push('1', { events: [event(text('But soft!'))], ...extra })).toBe(200)
    expect(texts()).toEqual(['But soft!'])
  })
})

describe('an event', () => {
  it('whose id was used before, with other words, is not a message', async () => {
    await push('1', { events: [event(text('I love thee'), { event_id: '$same' })] })
    await push('2', { events: [event(text('I hate thee'), { event_id: '$same' })] })
    expect(texts()).toEqual(['I love thee'])
  })

  it.each<[string, () => unknown]>([
    ['without a state_key where one belongs', () => event({ membership: 'join' }, { type: 'm.room.member' })],
    [
      'whose power levels are text',
      () => event({ users: { '@romeo:hs.test': 'many' }, events: 'all' }, { type: 'm.room.power_levels', state_key: '' }),
    ],
    ['of a membership that there is not', () => event({ membership: 7 }, { type: 'm.room.member', state_key: romeo.id })],
    ['that is a tombstone to nowhere', () => event({ replacement_room: '../..' }, { type: 'm.room.tombstone', state_key: '' })],
    ['that is a tombstone by nobody', () => event({ replacement_room: 17 }, { type: 'm.room.tombstone', state_key: '' })],
    ['that takes back what never was', () => event({ redacts: '$never' }, { type: 'm.room.redaction', redacts: '$never' })],
    ['that takes back nothing', () => event({}, { type: 'm.room.redaction', redacts: 17 })],
    ['that reacts to nothing', () => event({ 'm.relates_to': { rel_type: 'm.annotation', key: 17 } }, { type: 'm.reaction' })],
    ['whose body is a number', () => event(text(17))],
    ['whose body is a list', () => event(text(['But soft!']))],
    ['without a body', () => event({ msgtype: 'm.text' })],
    ['without a kind of message', () => event({ body: 'But soft!' })],
    ['whose time is long past the end of the world', () => event(text('x'), { origin_server_ts: 1e300 })],
    ['in a room without an id', () => event(text('x'), { room_id: '' })],
    ['with an id of 64 KiB', () => event(text('x'), { event_id: `$${'x'.repeat(65_536)}` })],
    ['that is a vote in no poll', () => event({ 'm.relates_to': { event_id: '$no' } }, { type: 'm.poll.response' })],
  ])('%s does no harm', async (_, make) => {
    expect(await push('1', { events: [make()] })).toBe(200)
    expect(messages()).toEqual([])
    await carriesOn()
  })

  it('with ten thousand nested tags and scripts in it is the words that it shows', async () => {
    // Without their ends, as no event can be larger than 64 KiB.
    const html = `${'<b>'.repeat(10_000)}But soft!<script>alert(1)</script><img src=x onerror=alert(1)>`
    await push('1', { events: [event(text('But soft!', { format: 'org.matrix.custom.html', formatted_body: html }))] })
    expect(texts()).toEqual(['But soft!'])
    await carriesOn()
  })

  it('of 65 KB is delivered whole, or its sender reads that it was not', async () => {
    const body = 'x'.repeat(65_000)
    await push('1', { events: [event(text(body))] })
    expect(texts()).toEqual([body])
    await push('2', { events: [event(text('x'.repeat(65_537)))] })
    expect(read()).toEqual(['Not delivered: the message is too long.'])
    await carriesOn()
  })

  it('that answers something in another room tells nothing of that room', async () => {
    const answer = { 'm.relates_to': { 'm.in_reply_to': { event_id: '$in-another-room', room_id: '!secret:hs.test' } } }
    await push('1', { events: [event(text('Yes.', answer))] })
    expect(texts()).toEqual(['Yes.'])
    expect(JSON.stringify(messages())).not.toContain('!secret')
    expect(stub.calls.filter((call) => call.includes('secret'))).toEqual([])
  })

  it('that changes a change changes what was said first', async () => {
    const change = (of: string, words: string) =>
      text(`* ${words}`, { 'm.new_content': text(words), 'm.relates_to': { rel_type: 'm.replace', event_id: of } })
    await push('1', { events: [event(text('frist'), { event_id: '$said' })] })
    await push('2', { events: [event(change('$said', 'furst'), { event_id: '$once' })] })
    await push('3', { events: [event(change('$once', 'first'), { event_id: '$twice' })] })
    expect(messages().map(({ content }) => ('of' in content ? content.of : content.kind))).toEqual(['text', '$said', '$said'])
  })

  it.each(['mxc://../..', 'mxc://hs.test/../../_synapse/admin', 'https://evil.example/x.png', 'file:///etc/passwd', 17])(
    'with a picture at %j is no link, and its sender reads so',
    async (url) => {
      await push('1', { events: [event({ msgtype: 'm.image', body: 'a.png', url })] })
      expect(messages()).toEqual([])
      expect(read().join()).toContain('Not delivered')
      await carriesOn()
    },
  )

  it('with a file whose name leads elsewhere is a link to that file alone', async () => {
    await push('1', { events: [event({ msgtype: 'm.file', body: '../../\u202Eexe.scr\r\nX: y', url: 'mxc://hs.test/abc' })] })
    const [message] = messages()
    const link = message?.content.kind === 'media' ? message.content.link : undefined
    expect(link).toMatch(/^http:\/\/files\.example\/m\/[\w-]{32}\/[\w.-]+$/)
    expect(link).not.toContain('..')
  })
})

describe('what comes too late', () => {
  const old = (words: string, hours: number) => event(text(words), { origin_server_ts: Date.now() - hours * hour })
  const complaint = 'Not delivered: this was said more than 72 hours ago'

  it('is left out, and said so once, however much there is of it', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => old(String(index), 73 + index / 1000))
    await push('1', { events: [...many, old('yesterday', 71)] })
    expect(texts()).toEqual(['yesterday'])
    expect(read().map((words) => words.startsWith(complaint))).toEqual([true])
  })

  it('is said again after the next outage', async () => {
    await push('1', { events: [old('one', 80), event(text('now')), old('two', 80)] })
    expect(read()).toHaveLength(2)
    expect(texts()).toEqual(['now'])
  })

  it('is left out where it comes from a homeserver that was away, too', async () => {
    await push('1', { events: [event(text('late'), { origin_server_ts: 0 })] })
    expect(texts()).toEqual([])
    expect(read()).toHaveLength(1)
  })

  it('is nothing that happened, such as somebody who left', async () => {
    await push('1', {
      events: [event({ membership: 'leave' }, { type: 'm.room.member', state_key: romeo.id, origin_server_ts: 0 })],
    })
    expect(told.map(({ kind }) => kind)).toContain('conversation')
    expect(read()).toEqual([])
  })
})

describe('a room in which our bot is one of many', () => {
  const square = '!square:hs.test'
  const said = (body: string) => event(text(body), { room_id: square })
  const asked = () => stub.calls.filter((call) => call.endsWith(`${square}/joined_members`)).length
  let others: string[]

  beforeEach(() => {
    others = [romeo.id, '@tybalt:hs.test']
    stub.refuses = ({ path }) =>
      path === `rooms/${square}/joined_members`
        ? { status: 200, body: { joined: Object.fromEntries([bot, ...others].map((member) => [member, {}])) } }
        : undefined
  })

  it('costs no question for each of the words that are none of our business', async () => {
    for (const words of ['Do you bite your thumb?', 'I do bite my thumb.', 'At us?']) await push(words, { events: [said(words)] })
    expect(asked()).toBe(1)
    expect(told).toEqual([])
  })

  it('is looked at again when somebody has left it, so that who stays is heard', async () => {
    await push('1', { events: [said('Do you bite your thumb?')] })
    others = [romeo.id]
    const left = { type: 'm.room.member', room_id: square, sender: '@tybalt:hs.test', state_key: '@tybalt:hs.test' }
    await push('2', { events: [event({ membership: 'leave' }, left)] })
    await push('3', { events: [said('help')] })
    expect(told).toMatchObject([{ kind: 'request', text: 'help', isPrivate: true }])
  })
})

it('a storm of invitations by a stranger is answered in part, and makes few accounts', async () => {
  const invitations = Array.from({ length: 200 }, (_, index) => {
    const ghost = `@msn_nobody${index}:hs.test`
    const where = { room_id: `!storm${index}:evil.test`, sender: '@stranger:evil.test', state_key: ghost }
    return event({ membership: 'invite' }, { type: 'm.room.member', ...where })
  })
  const declined = () => stub.calls.filter((call) => /^POST rooms\/!storm\d+:evil\.test\/leave$/.test(call)).length
  expect(await push('1', { events: invitations })).toBe(200)
  await expect.poll(declined).toBeGreaterThanOrEqual(20)
  await carriesOn()
  expect(declined()).toBe(20)
  expect(stub.calls.filter((call) => call === 'POST register')).toHaveLength(20)
  expect(told.filter(({ kind }) => kind === 'conversation')).toEqual([])
})

it('an invitation from a server that is slow to let us in holds up nobody, and is accepted when it does', async () => {
  await network.stop()
  config = { ...config, permissions: { 'hs.test': 'user', 'far.test': 'user' } }
  await startNetwork()
  const [far, paris] = ['!far:far.test', '@paris:far.test']
  const door = Promise.withResolvers<void>()
  stub.refuses = ({ path }) => {
    if (path === `rooms/${far}/join`) return door.promise.then(() => ({ status: 200, body: { room_id: far } }))
    const chunk = [julietsGhost.id, paris].map((member) => ({ state_key: member, content: {} }))
    return path === `rooms/${far}/members` ? { status: 200, body: { chunk } } : undefined
  }
  const invitation = { type: 'm.room.member', room_id: far, sender: paris, state_key: julietsGhost.id }
  expect(await push('1', { events: [event({ membership: 'invite' }, invitation)] })).toBe(200)
  expect(await push('1b', { events: [event({ membership: 'invite' }, { ...invitation, state_key: bot })] })).toBe(200)
  await carriesOn()
  door.resolve()
  const first = push('2', { events: [event(text('Good morrow.'), { room_id: far, sender: paris })] })
  expect(await first).toBe(200)
  expect(told.slice(-2)).toMatchObject([
    { kind: 'conversation', change: 'opened', by: { id: paris } },
    { kind: 'message', with: { id: 'juliet@example.com' } },
  ])
})

describe('a homeserver that', () => {
  it('is a storm of 502 keeps nothing of what was said, and gets nothing twice', async () => {
    let storm = 5
    stub.refuses = ({ path }) =>
      path.startsWith(`rooms/${room}/send/`) && storm-- > 0 ? { status: 502, body: '<html>Bad Gateway</html>' } : undefined
    const body = { events: [event({ msgtype: 'm.image', body: 'a', url: 'http://x' }), event(text('after'))] }
    // What cannot be said to the sender now is asked for again.
    const answers: number[] = []
    do answers.push(await push('1', body))
    while (answers.at(-1) !== 200)
    expect(answers).toEqual([503, 503, 503, 503, 503, 200])
    expect(texts()).toEqual(['after'])
  })

  it('asks for a pause of a billion milliseconds is asked again after a minute', async () => {
    stub.refuses = ({ path }) =>
      path.startsWith(`rooms/${room}/send/`)
        ? { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', error: 'slow down', retry_after_ms: 1e9 } }
        : undefined
    const parcel = {
      id: 'd' as never,
      conversation: { network: network.id, id: room },
      as: julietsGhost,
      sentAt: Date.now(),
      again: false,
    }
    const delivered = network.deliver({ ...parcel, content: { kind: 'text', runs: [{ text: 'Ay me.' }] } })
    await expect(delivered).rejects.toMatchObject({ fate: 'retry', retryAfter: 60_000 })
  })
})
