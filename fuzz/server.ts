// The whole server over sockets. Romeo, Tybalt and Paris are hostile: they sign in at every dialect and then say what is nearly right, to the
// notification server and on boards to which they call Juliet; others never get so far. Juliet and her nurse behave, and watch: the server answers
// them, brings their words unchanged, and tells them nothing that it may not.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Secret } from '../src/core/secret.ts'
import { ssoBlob } from '../src/msn/auth/sso.ts'
import { commandsOf } from './corpus.ts'
import { Dice } from './dice.ts'
import { Server } from './server-child.ts'
import { Finding, type Target } from './target.ts'
import { Witness } from './witness.ts'

const hostiles = ['romeo@example.com', 'tybalt@example.com', 'paris@example.com']
const watchers = { juliet: 'juliet@example.com', nurse: 'nurse@example.com' }
/** Milliseconds that a hostile connection may go on. */
const life = 400

export async function serverTarget(): Promise<Target> {
  const process = new Server()
  await process.up()
  const juliet = await witness(process, watchers.juliet, 12)
  const nurse = await witness(process, watchers.nurse, 18)
  const chat = await board(process, nurse, juliet)
  const corpus = commandsOf('client')
  let said = 0
  return {
    name: 'server',
    memory: async () => (await process.ask({ ask: 'memory' }, 'memory')).bytes,
    round: async (dice) => {
      const sent: Buffer[] = []
      try {
        await Promise.all(
          Array.from({ length: 8 }, (_, index) => attack(process, new Dice(dice.below(2 ** 31) + index), corpus, sent)),
        )
        const words = `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nthat is number ${++said}`
        const heard = chat.guest.hear(
          ({ verb, payload }) => verb === 'MSG' && Buffer.from(payload ?? []).equals(Buffer.from(words)),
        )
        const answer = await chat.host.ask('MSG', 'A', words)
        if (answer.verb !== 'ACK') throw new Error(`a message of somebody who behaves was answered ${answer.verb}`)
        await heard
        for (const each of [juliet, nurse]) {
          each.say('PNG')
          await each.hear(({ verb }) => verb === 'QNG')
        }
      } catch (error) {
        throw new Finding(
          process.wrong ?? String(error),
          Buffer.concat(sent.map((bytes) => Buffer.concat([bytes, Buffer.from('\n----\n')]))),
          error,
        )
      }
      if (process.wrong !== undefined) throw new Finding(process.wrong, Buffer.concat(sent))
    },
    close: async () => process.stop(),
  }
}

async function proofFor(server: Server, account: string, dialect: number, challenge: readonly string[]): Promise<string> {
  const use = dialect >= 15 ? 'sign-in' : 'messenger'
  const { ticket, secret } = await server.ask({ ask: 'token', account, use }, 'token')
  if (dialect < 15) return `TWN S ${ticket}`
  const guid = dialect >= 16 ? ' {5B8D0C9A-6A0B-4C7B-9F4E-0D7C3F1E2A11}' : ''
  return `SSO S ${ticket} ${ssoBlob(challenge.at(-1) ?? '', new Secret(secret))}${guid}`
}

/** Somebody who behaves, signed in, online, and admitting everybody. */
async function witness(server: Server, account: string, dialect: number): Promise<Witness> {
  const client = await Witness.dial(server.ports.notification, dialect)
  await client.ask('VER', `MSNP${dialect} CVR0`)
  await client.ask('CVR', `0x0409 winnt 5.1 i386 MSNMSGR 8.5.1302 MSMSGS ${account}`)
  const { args } = await client.ask('USR', `${dialect >= 15 ? 'SSO' : 'TWN'} I ${account}`)
  await client.ask('USR', await proofFor(server, account, dialect, args))
  if (dialect < 13) await client.ask('SYN', '0 0')
  await client.ask('CHG', 'NLN 0')
  return client
}

/** A board on which both are. */
async function board(server: Server, host: Witness, guest: Witness): Promise<{ host: Witness; guest: Witness }> {
  const { args } = await host.ask('XFR', 'SB')
  const hosts = await Witness.dial(server.ports.switchboard, 12)
  await hosts.ask('USR', `${watchers.nurse} ${args[3]}`)
  const ring = guest.hear(({ verb }) => verb === 'RNG')
  await hosts.ask('CAL', watchers.juliet)
  const [session, , , ticket] = (await ring).args
  const guests = await Witness.dial(server.ports.switchboard, 12)
  await guests.ask('ANS', `${watchers.juliet} ${ticket} ${session}`)
  await hosts.hear(({ verb }) => verb === 'JOI')
  return { host: hosts, guest: guests }
}

/** One hostile connection: as far in as chance has it, then nonsense. */
async function attack(server: Server, dice: Dice, corpus: readonly Buffer[], sent: Buffer[]): Promise<void> {
  const role = dice.pick(['notification', 'notification', 'switchboard'] as const)
  const socket = connect({ host: '127.0.0.1', port: server.ports[role], noDelay: true })
  socket.on('error', () => {})
  const over = once(socket, 'close').catch(() => {})
  const timer = setTimeout(() => socket.destroy(), life)
  await Promise.race([once(socket, 'connect').catch(() => {}), over])
  if (dice.chance(8)) await say(socket, dice.bytes(dice.below(4000)), sent)
  else if (role === 'notification') await attackNotification(server, socket, dice, corpus, sent)
  else await attackBoard(server, socket, dice, corpus, sent)
  await over
  clearTimeout(timer)
}

async function attackNotification(
  server: Server,
  socket: Socket,
  dice: Dice,
  corpus: readonly Buffer[],
  sent: Buffer[],
): Promise<void> {
  const dialect = 8 + dice.below(11)
  const account = dice.pick(hostiles)
  const family = dialect >= 15 ? 'SSO' : 'TWN'
  const answer = lineFrom(socket, 'USR 3 ')
  await say(
    socket,
    Buffer.from(
      `VER 1 MSNP${dialect}\r\nCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 8.5 MSMSGS ${account}\r\nUSR 3 ${family} I ${account}\r\n`,
    ),
    sent,
  )
  const challenge = (await answer).split(' ').slice(2)
  await say(socket, Buffer.from(`USR 4 ${await proofFor(server, account, dialect, challenge)}\r\nCHG 5 NLN 0\r\n`), sent)
  for (let left = 1 + dice.below(12); left > 0; left--) await say(socket, nonsense(dice, corpus), sent)
  if (dice.chance(2)) socket.end()
}

async function attackBoard(server: Server, socket: Socket, dice: Dice, corpus: readonly Buffer[], sent: Buffer[]): Promise<void> {
  const host = await Witness.dial(server.ports.notification, 12).catch(() => undefined)
  if (!host) return
  try {
    const account = dice.pick(hostiles)
    host.say('VER 1 MSNP12')
    host.say(`USR 2 TWN I ${account}`)
    host.say(`USR 3 ${await proofFor(server, account, 12, [])}`)
    host.say('CHG 4 NLN 0')
    const answer = host.hear(({ verb }) => verb === 'XFR')
    host.say('XFR 5 SB')
    const ticket = await Promise.race([answer, new Promise<undefined>((resolve) => setTimeout(resolve, life))])
    await say(socket, Buffer.from(`USR 1 ${account} ${ticket?.args[3]}\r\nCAL 2 ${watchers.juliet}\r\n`), sent)
    for (let left = 1 + dice.below(12); left > 0; left--) await say(socket, nonsense(dice, corpus), sent)
    if (dice.chance(2)) socket.end()
  } catch {
    // Whoever signs in as the same account at the same time displaces this one.
  } finally {
    host.hangUp()
  }
}

/** A command that is nearly right, towards those who watch. Nobody signs out by it: that would be the end of this connection. */
function nonsense(dice: Dice, corpus: readonly Buffer[]): Buffer {
  const command = dice.pick(corpus)
  const aimed = dice.chance(2)
    ? Buffer.from(command.toString('latin1').replace(/[\w.]+@[\w.]+/g, dice.pick(Object.values(watchers))), 'latin1')
    : command
  return dice.chance(3) ? aimed : dice.mutate(aimed, corpus)
}

async function say(socket: Socket, bytes: Buffer, sent: Buffer[]): Promise<void> {
  sent.push(bytes)
  if (socket.destroyed || socket.writableEnded) return
  if (!socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(() => {}), once(socket, 'close').catch(() => {})])
}

/** The first line with this beginning; '' when the connection ends first. */
function lineFrom(socket: Socket, beginning: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let heard = ''
  const read = (chunk: Buffer) => {
    heard += chunk.toString('latin1')
    const line = heard
      .split('\r\n')
      .slice(0, -1)
      .find((each) => each.startsWith(beginning))
    if (line !== undefined) done(line.slice(beginning.length - 2))
  }
  const gone = () => done('')
  const done = (line: string) => {
    socket.off('data', read)
    socket.off('close', gone)
    socket.resume()
    resolve(line)
  }
  socket.on('data', read)
  socket.on('close', gone)
  return promise
}
