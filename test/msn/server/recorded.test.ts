// Our server against what libpurple once said to a server that is not ours (test/traces/README.md), at MSNP18.

import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ssoBlob } from '../../../src/msn/auth/sso.ts'
import type { Command } from '../../../src/msn/wire/command.ts'
import { Decoder } from '../../../src/msn/wire/decoder.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { hungUp } from '../../support/bare-client.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'
import type { Recorded } from '../../support/pcap.ts'
import { readPcap } from '../../support/pcap.ts'

const folder = new URL('../../traces/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.pcap'))
let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
  const record = await fixture.records.get('accounts', 'romeo@example.com')
  for (const name of ['alice', 'bob', 'carol']) {
    const email = `${name}@example.com`
    await fixture.records.update('accounts', email, () => ({ ...(record as object), email }))
  }
})
afterEach(() => fixture.stop())

function commands(from: 'client' | 'server', bytes: Buffer): Command[] {
  const decoder = new Decoder({ from })
  decoder.dialect = 18
  return [...decoder.push(bytes)]
}

/** Under which verbs each transaction was answered. */
function answersOf(said: readonly Command[]): Record<number, string[]> {
  const answers: Record<number, string[]> = {}
  for (const { verb, trId } of said) if (trId) answers[trId] = [...new Set([...(answers[trId] ?? []), verb])]
  return answers
}

/** Says everything that a client said, with a ticket of ours; gives what our server answered. */
async function replay({ fromClient }: Recorded): Promise<Command[]> {
  const line = await fixture.dial('NS')
  line.dialect = 18
  const heard: Command[] = []
  let key: Awaited<ReturnType<TestServer['keyFor']>> | undefined
  let nonce = ''
  for (const command of commands('client', fromClient)) {
    const [family, stage, who = ''] = command.args
    const signs = command.verb === 'USR' && family === 'SSO'
    if (signs && stage === 'I') key = await fixture.keyFor(who)
    const args =
      signs && stage === 'S' && key
        ? ['SSO', 'S', key.ticket.reveal(), ssoBlob(nonce, key.secret), ...command.args.slice(4)]
        : command.args
    line.write(encode({ ...command, args }))
    if (command.verb === 'OUT') break
    // An offline message has no answer, and neither has a ping a number.
    if (command.trId === undefined || command.verb === 'UUM') continue
    for (;;) {
      const said = await line.next()
      if (said === hungUp) throw new Error(`our server hung up on ${command.verb}`)
      heard.push(said)
      if (said.verb === 'USR' && said.args[1] === 'S') nonce = said.args[3] ?? ''
      if (said.trId === command.trId) break
    }
  }
  return heard
}

const recordings = files.flatMap((file) =>
  readPcap(new URL(file, folder), [1863])
    .filter(({ fromClient }) => fromClient.includes('MSNP18'))
    .map((recorded, index) => ({ file, number: index + 1, recorded })),
)

test.each(recordings)('everything that client $number says in $file is answered as it was then', async ({ recorded }) => {
  expect(answersOf(await replay(recorded))).toEqual(answersOf(commands('server', recorded.fromServer)))
})

test('there are recordings', () => {
  expect(recordings.length).toBeGreaterThan(5)
})
