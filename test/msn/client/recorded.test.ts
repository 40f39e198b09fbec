// Our client against the words of a server that is not ours, as it once said them to a client that is not ours (test/traces/README.md).

import type { Duplex } from 'node:stream'
import { duplexPair } from 'node:stream'
import { expect, it } from 'vitest'
import { plainText } from '../../../src/core/content.ts'
import { readContent, writeContent } from '../../../src/msn/content.ts'
import type { Command } from '../../../src/msn/wire/command.ts'
import { Decoder } from '../../../src/msn/wire/decoder.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { formatMime } from '../../../src/msn/wire/mime.ts'
import { FakeWeb } from '../../support/fake-web.ts'
import { settled } from '../../support/manual-timers.ts'
import { clientAt } from '../../support/msn-client.ts'
import type { Recorded } from '../../support/pcap.ts'
import { readPcap } from '../../support/pcap.ts'
import { password, play } from '../../support/play.ts'

interface Block {
  readonly verb: string
  readonly answer: readonly Command[]
}

function commands(from: 'client' | 'server', bytes: Buffer, dialect: number): Command[] {
  const decoder = new Decoder({ from })
  decoder.dialect = dialect
  return [...decoder.push(bytes)]
}

/** What the server said, cut where an answer to a new request begins. */
function blocksOf({ fromClient, fromServer }: Recorded, dialect: number): Block[] {
  const requests = new Map(commands('client', fromClient, dialect).map((command) => [command.trId, command.verb]))
  const blocks: { verb: string; answer: Command[] }[] = []
  const begun = new Set<number | undefined>()
  for (const command of commands('server', fromServer, dialect)) {
    const verb = command.trId === undefined ? undefined : requests.get(command.trId)
    if (verb !== undefined && !begun.has(command.trId)) {
      begun.add(command.trId)
      blocks.push({ verb, answer: [] })
    }
    blocks.at(-1)?.answer.push(command)
  }
  return blocks
}

/** Answers each request with what was once answered to the same kind of request, under the TrID of the new one. */
function replay(recorded: Recorded, dialect: number): Duplex {
  const blocks = blocksOf(recorded, dialect)
  const decoder = new Decoder({ from: 'client' })
  decoder.dialect = dialect
  const [server, client] = duplexPair()
  server.on('data', (chunk: Buffer) => {
    for (const asked of decoder.push(chunk)) {
      const at = blocks.findIndex(({ verb }) => verb === asked.verb)
      const [block] = at < 0 ? [] : blocks.splice(at, 1)
      const once = block?.answer[0]?.trId
      for (const command of block?.answer ?? []) {
        const ours = command.trId === once && asked.trId !== undefined ? { ...command, trId: asked.trId } : command
        server.write(encode(ours))
      }
    }
  })
  server.on('end', () => server.end())
  return client
}

it('signs in at MSNP12, sees the list and who is there, and talks, with the words of a revival server', async () => {
  const recordings = readPcap(new URL('../../traces/libpurple-msnp18-with-pecan-msnp12.pcap', import.meta.url), [1863, 1864])
  const at = recordings.findIndex(({ port, fromClient }) => port === 1863 && fromClient.includes('VER 1 MSNP12'))
  const [notification, switchboard] = recordings.slice(at)
  if (!notification || !switchboard) throw new Error('the recording is not what it was')
  const boards = [switchboard]
  const dialled: string[] = []
  const client = clientAt(
    {
      dial: async ({ role, host, port }) => {
        dialled.push(`${role} ${host}:${port}`)
        const board = role === 'NS' ? notification : boards.shift()
        if (!board) throw new Error('there is no other board in the recording')
        return replay(board, 12)
      },
    },
    { account: 'carol@example.com' },
  )
  expect(await client.session.connect()).toBe('online')
  expect(client.contacts).toEqual([
    { account: 'alice@example.com', name: 'Alice', lists: ['forward', 'allow', 'reverse'], groups: [] },
    { account: 'bob@example.com', name: 'Bob', lists: ['forward', 'allow', 'reverse'], groups: [] },
  ])
  await client.until(() => client.presences.length === 4)
  expect(client.presences.at(-1)).toEqual({ account: 'bob@example.com', name: 'Bob', status: 'online', message: '' })

  const [payload] = writeContent(plainText('hello'), 'en')
  await client.session.send('alice@example.com', payload ?? new Uint8Array())
  expect(dialled).toEqual(['NS msn.example.org:1863', 'SB 127.0.0.1:1864'])
  // What clients tell each other about themselves is a message too, with nothing in it for people.
  const heard = () => client.messages.flatMap(({ message }) => readContent(message) ?? [])
  await client.until(() => heard().length === 2)
  expect(heard()).toMatchObject([{ kind: 'text', runs: [{ text: 'hi carol, pidgin here' }] }, { kind: 'nudge' }])
  expect(new Set(client.messages.map(({ peer }) => peer))).toEqual(new Set(['alice@example.com']))
  await client.until(() => client.typing.includes('alice@example.com'))
})

it('signs in at MSNP18, sees who is there, and talks on a board where everybody comes twice, with the words of a revival server', async () => {
  const recordings = readPcap(new URL('../../traces/libpurple-msnp18-chat.pcap', import.meta.url), [1863, 1864])
  const isAlice = ({ fromClient }: Recorded) => fromClient.includes('USR 3 SSO I alice@') || fromClient.includes('USR 1 alice@')
  const [notification, switchboard] = recordings.filter(isAlice)
  if (!notification || !switchboard) throw new Error('the recording is not what it was')
  const bob = { name: 'Bob', lists: 3, guid: 'c1f9a363-4ee9-4a33-a434-b056a4c55b98', groups: [], properties: {} }
  const web = new FakeWeb([{ handle: 'bob@example.com', ...bob }])
  web.ownName = 'Alice'
  const client = clientAt(
    { dial: async ({ role }) => replay(role === 'NS' ? notification : switchboard, 18) },
    { account: 'alice@example.com', dialects: [18], credential: password, web },
  )
  expect(await client.session.connect()).toBe('online')
  expect(client.contacts).toMatchObject([{ account: 'bob@example.com', lists: ['forward', 'allow'] }])
  await client.until(() => client.presences.some(({ status }) => status === 'online'))

  const [payload] = writeContent(plainText('hello'), 'en')
  expect(await client.session.send('bob@example.com', payload ?? new Uint8Array())).toBe('said')
  const heard = () => client.messages.flatMap(({ message }) => readContent(message) ?? [])
  await client.until(() => heard().length === 2)
  expect(heard().map(({ kind }) => kind)).toEqual(['text', 'nudge'])
  expect(new Set(client.messages.map(({ peer }) => peer))).toEqual(new Set(['bob@example.com']))
  expect(client.typing).toContain('bob@example.com')
  await client.until(() => client.presences.some(({ message }) => message === 'gone fishing'))
  expect(new Set(client.presences.map(({ account }) => account))).toEqual(new Set(['bob@example.com']))
})

it('talks at MSNP12 with a revival server whose profile comes before the list, and hears that somebody has left', async () => {
  // As it was written when this was recorded: an emoji was no shortcut yet.
  const looks = 'FN=Segoe%20UI; EF=; CO=0; CS=0; PF=22'
  const written = (text: string) =>
    formatMime(
      [
        ['MIME-Version', '1.0'],
        ['Content-Type', 'text/plain; charset=UTF-8'],
        ['X-MMS-IM-Format', looks],
      ],
      text,
    )
  const { client } = await play('recorded-escargot-msnp12', { credential: password }, async ({ client }) => {
    await client.until(() => client.presences.length === 1)
    expect(await client.session.send('romeo@example.com', written('hallo ☀ <3'))).toBe('said')
    await client.until(() => client.presences.length === 2)
    await settled()
    await expect(client.session.send('romeo@example.com', written('gone?'))).rejects.toMatchObject({ code: 'contact-offline' })
  })
  expect(client.contacts).toMatchObject([
    { account: 'romeo@example.com', name: 'Romeo', lists: ['forward', 'allow', 'reverse'] },
    { account: 'nurse@example.com', name: 'Nurse', lists: ['reverse'] },
  ])
  expect(client.presences.map(({ status }) => status)).toEqual(['online', 'offline'])
  expect(client.messages.map(({ message }) => readContent(message))).toMatchObject([
    { kind: 'text', runs: [{ text: 'zurück ☀' }] },
  ])
})
