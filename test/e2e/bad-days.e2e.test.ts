// Bad input and bad days: each ends in something clear for whoever can act on it, nothing is lost, and the rest goes on.

import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { BareClient, hungUp } from '../support/bare-client.ts'
import type { MatrixUser } from '../support/matrix-user.ts'
import type { NudgeProcess } from '../support/nudge-process.ts'
import { runNudge } from '../support/nudge-process.ts'
import { domains, ghostOf, World } from '../support/world.ts'
import { Pair } from './kill-pair.ts'
import { Progress } from './kill-progress.ts'

/** Somebody who was away needs this long to be found again, at the most, in milliseconds. */
const patience = 90_000

const bot = `@msnbot:${domains.matrix}`

let world: World

beforeAll(async () => {
  world = await World.start({ verona: true, logLevel: 'trace' })
})

afterAll(async () => {
  await world?.stop()
})

it('a homeserver that is down at the start is named in one line, and waited for', async () => {
  const { nudge, synapse } = world
  const peter = await world.matrixUser('peter')
  await nudge.stop()
  await synapse.halt()
  const before = nudge.log.length
  await nudge.start()
  await nudge.logs('that the homeserver is away', ({ msg }) => msg.includes('does not answer'), before)
  const nurse = await world.msnUser(nudge, `nurse@${domains.msn}`, 'Nurse')
  await nurse.says(`peter@matrix.${domains.msn}`, 'My fan, Peter.')
  const complaints = nudge.log.slice(before).filter(({ level }) => level === 'error' || level === 'fatal')
  expect(complaints.map(({ msg }) => msg)).toEqual([expect.stringContaining(synapse.url)])
  await synapse.resume()
  await nudge.logs('that the homeserver is there', ({ msg }) => msg.includes('reach each other'), before)
  const room = await peter.isInvitedBy(ghostOf('msn', nurse.account))
  await peter.join(room)
  await peter.hears(room, 'My fan, Peter.')
})

it.each(['stopped for ten seconds', 'killed'] as const)('while Redis is %s nothing is lost and nothing swapped', async (how) => {
  const { nudge } = world
  const progress = new Progress()
  const pair = await Pair.meet(world, { name: how.slice(0, 4), dialect: 12, window: 10, progress })
  const writing = pair.write(1, 100)
  await progress.reaches(30)
  const redis = redisOf(nudge)
  if (how === 'killed') process.kill(redis, 'SIGKILL')
  else {
    process.kill(redis, 'SIGSTOP')
    await pause(10_000)
    process.kill(redis, 'SIGCONT')
  }
  await writing
  await pair.hasAll(100)
  const { toMatrix, toMsn, counts } = await pair.verdict(0)
  expect([...toMatrix.faults, ...toMsn.faults]).toEqual([])
  expect(counts).toEqual({ sure: 200, unsure: 0 })
})

it('who writes to somebody offline is told that it waits, and it arrives in order', async () => {
  const account = `balthasar@${domains.msn}`
  await world.addAccount(world.nudge, account, 'post-horses-7')
  const abram = await world.matrixUser('abram')
  const room = await abram.startChat(ghostOf('msn', account))
  const lines = ['Do you bite your thumb at us, sir?', 'Do you bite your thumb at us?', 'You lie.']
  const sent: string[] = []
  for (const line of lines) sent.push(await abram.says(room, line))
  for (const event of sent) {
    const notice = await abram.sees(room, ({ content }) => isAnswerTo(content, event))
    expect(notice.content['body']).toBe(
      `🕓 Not delivered yet: ${account} is offline. Your message is kept and will be delivered as soon as that changes. Delete it if it should not be.`,
    )
  }
  const balthasar = await world.signIn(world.nudge, account, 'post-horses-7')
  await balthasar.hears('You lie.')
  expect(balthasar.heard.map(({ text }) => text)).toEqual(lines)
})

it('a wrong password is refused with the reason, at the bot and on our own server', async () => {
  const { nudge, verona } = world
  if (!verona) throw new Error('no verona')
  await world.addAccount(verona, `gregory@${domains.verona}`, 'right-coals-3')
  const gregory = await world.matrixUser('gregory')
  const talk = await links(gregory, `gregory@${domains.verona}`, 'wrong-coals-3')
  world.secrets.push('wrong-coals-3')
  await gregory.hears(talk, `verona refused gregory@${domains.verona}: the address or the password is wrong.`, patience)
  await gregory.says(talk, 'status')
  const status = await gregory.hears(talk, `gregory@${domains.verona} on verona: refused since`)
  expect(status.content['body']).toContain('(the address or the password is wrong.)')

  await world.addAccount(nudge, `gregory@${domains.msn}`, 'right-coals-4')
  world.secrets.push('wrong-coals-4')
  await expect(world.signIn(nudge, `gregory@${domains.msn}`, 'wrong-coals-4')).rejects.toThrow('refused')
})

it('a server out there that goes away is waited for, and so are the messages', async () => {
  const { verona } = world
  if (!verona) throw new Error('no verona')
  const account = `tybalt@${domains.verona}`
  await world.addAccount(verona, account, 'rapier-5')
  const rosaline = await world.msnUser(verona, `rosaline@${domains.verona}`, 'Rosaline')
  rosaline.insists()
  const before = await world.signIn(verona, account, 'rapier-5')
  await before.adds(rosaline.account)
  await before.signsOut()
  const tybalt = await world.matrixUser('tybalt')
  const talk = await links(tybalt, account, 'rapier-5')
  await tybalt.hears(talk, `Signed in to verona as ${account}.`)
  const room = await tybalt.startChat(ghostOf('verona', rosaline.account))
  await tybalt.says(room, 'one')
  await rosaline.hears('one')

  await verona.kill()
  await tybalt.says(talk, 'status')
  await tybalt.hears(talk, `${account} on verona: restoring the connection`)
  const waiting = await tybalt.says(room, 'two')
  await tybalt.says(room, 'three')
  await tybalt.sees(room, ({ content }) => isAnswerTo(content, waiting))
  await verona.start()
  await rosaline.hears('three', patience)
  // A server that is killed before its ACK has come gets the message again: one repeat for each kill is what is promised.
  expect(['one two three', 'one one two three']).toContain(rosaline.heard.map(({ text }) => text).join(' '))
})

it('whoever sends rubbish to our server hurts nobody but themselves', async () => {
  const { notification } = world.nudge.places
  if (!notification) throw new Error('no server')
  const pair = await Pair.meet(world, { name: 'calm', dialect: 8, window: 5, progress: new Progress() })
  const rubbish = [
    'XYZZY 1 plugh\r\n',
    `VER 1 ${'M'.repeat(100_000)}`,
    '\0\xff\xfe\r\n\r\n',
    'USR 1 TWN I\r\nMSG -1 A 999999999\r\n',
  ]
  const senders = rubbish.map((bytes) => {
    const client = new BareClient(connect(notification.port, notification.host))
    client.write(Buffer.from(bytes, 'latin1'))
    return client
  })
  await pair.write(1, 30)
  await pair.hasAll(30)
  for (const sender of senders) await hearsTheEnd(sender)
  const { toMatrix, toMsn } = await pair.verdict(0)
  expect([...toMatrix.faults, ...toMsn.faults]).toEqual([])
})

it('SIGTERM while messages flow ends well, and a second start delivers the rest', async () => {
  const { nudge } = world
  const progress = new Progress()
  const pair = await Pair.meet(world, { name: 'term', dialect: 11, window: 20, progress })
  const writing = pair.write(1, 100)
  await progress.reaches(40)
  const before = nudge.log.length
  expect(await nudge.stop()).toBe(0)
  const farewell = nudge.log.slice(before).filter(({ level }) => level !== 'trace' && level !== 'debug')
  // Not in it: "not everything finished in time", which it says after ten seconds.
  expect(farewell.map(({ msg }) => msg)).toEqual(['stopping: finishing what is in flight', 'stopped'])
  await nudge.start()
  await writing
  await pair.write(101, 1)
  await pair.hasAll(101)
  const { toMatrix, toMsn } = await pair.verdict(0)
  expect([...toMatrix.faults, ...toMsn.faults]).toEqual([])
})

it('a second gateway on the same data is refused in one line', async () => {
  const { nudge } = world
  const { code, output, errors } = await runNudge(['start', '--config', nudge.configFile])
  expect(code).toBe(2)
  expect(output).not.toContain('Nudge is up')
  expect(errors).toMatch(/^nudge: The data folder \S+ belongs to a Nudge that is running \(process \d+\)\. .+\n$/)
  expect(errors).toContain(String(nudge.pid))
})

it('on none of these days a secret came into the log', async () => {
  const { nudge, verona, secrets } = world
  const { matrix } = parse(await readFile(nudge.configFile, 'utf8')) as { matrix: { asToken: string; hsToken: string } }
  const written = nudge.written + (verona?.written ?? '')
  const told = [...secrets, matrix.asToken, matrix.hsToken].filter((secret) => written.includes(secret))
  expect(told).toEqual([])
  // Tickets that only the servers and their clients know: trace shows that they were there.
  const lines = [...nudge.log, ...(verona?.log ?? [])].flatMap(({ msg }) => msg.split('\n'))
  const tickets = lines.filter((line) => /^(C: (ANS|USR \d+ (TWN S|[^ ]+@))|S: (RNG|XFR \d+ SB)) /.test(line))
  expect(new Set(tickets.map((line) => line.slice(0, 6)))).toEqual(new Set(['C: ANS', 'C: USR', 'S: RNG', 'S: XFR']))
  expect(tickets.filter((line) => !line.includes('•••'))).toEqual([])
})

/** Says all that the bot wants to know; gives the room. */
async function links(user: MatrixUser, account: string, password: string): Promise<string> {
  const talk = await user.startChat(bot)
  await user.says(talk, 'login')
  await user.hears(talk, 'Your account on verona')
  await user.says(talk, account)
  await user.hears(talk, `The password of ${account}`)
  await user.says(talk, password)
  return talk
}

function isAnswerTo(content: Readonly<Record<string, unknown>>, event: string): boolean {
  return content['msgtype'] === 'm.notice' && JSON.stringify(content['m.relates_to'] ?? '').includes(event)
}

/** The process of the Redis that this Nudge runs, as it says in its log. */
function redisOf(nudge: NudgeProcess): number {
  return Number(nudge.log.findLast(({ msg }) => msg === 'Redis is running')?.['pid'])
}

async function hearsTheEnd(client: BareClient): Promise<void> {
  while ((await client.next()) !== hungUp);
}
