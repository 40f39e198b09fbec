import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { probe } from '../../src/cli/probe.ts'
import type { Timers } from '../../src/core/timers.ts'
import { systemTimers } from '../../src/msn/client/timers.ts'
import { linkedConfig } from '../../src/msn/config.ts'
import { contactServices } from '../../src/msn/server/web/contacts.ts'
import { offlineServices } from '../../src/msn/server/web/offline.ts'
import { passportHttp } from '../../src/msn/server/web/passport.ts'
import { writeBoxFault } from '../../src/msn/soap/oim-box.ts'
import { writeTokenFault } from '../../src/msn/soap/token-answer.ts'
import { dialTcp } from '../../src/msn/tcp.ts'
import { cliFolder } from '../support/cli-folder.ts'
import { startServer } from '../support/msn-server.ts'
import { type Reply, WebServer } from '../support/web-server.ts'
import { startSite } from '../support/web-site.ts'

const stage = cliFolder()
const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** A pause is over at once; what waits for an answer waits until `giveUp`. */
class Patience implements Timers {
  readonly #waits = new Set<() => void>()

  after(milliseconds: number, run: () => void): () => void {
    if (milliseconds < 1000) setImmediate(run)
    else this.#waits.add(run)
    return () => void this.#waits.delete(run)
  }

  giveUp(): void {
    for (const run of [...this.#waits]) run()
  }
}

type Says = string | 'silence' | 'end'

/** A server that answers lines of a client with what a test says; and all that it was told. */
function scripted(answer: (words: readonly string[], connection: number) => Says) {
  const heard: string[] = []
  const timers = new Patience()
  let connections = 0
  let open = 0
  let mostOpen = 0
  const dial = async () => {
    const [ours, theirs] = duplexPair()
    const connection = connections++
    mostOpen = Math.max(mostOpen, ++open)
    ours.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().trim().split('\r\n')) {
        heard.push(line)
        if (line === 'OUT') continue
        const said = answer(line.split(' '), connection)
        if (said === 'silence') setImmediate(() => timers.giveUp())
        else if (said === 'end') ours.end()
        else ours.write(`${said}\r\n`)
      }
    })
    ours.on('end', () => {
      open--
      ours.end()
    })
    return theirs
  }
  return { heard, timers, dial, mostOpen: () => mostOpen }
}

/** A server that speaks some dialects, and answers USR as a test says. */
function speaking(dialects: readonly number[], usr: (trId: string, dialect: number) => Says) {
  let dialect = 0
  return scripted(([verb = '', trId = '', offer = '']) => {
    if (verb === 'VER') {
      dialect = Number(offer.replace('MSNP', ''))
      return dialects.includes(dialect) ? `VER ${trId} ${offer}` : `VER ${trId} 0`
    }
    if (verb === 'CVR') return `CVR ${trId} 1 1 1 http://x http://x`
    return verb === 'INF' ? `INF ${trId} MD5` : usr(trId, dialect)
  })
}

const challenge = (trId: string, dialect: number): string => {
  if (dialect < 8) return `USR ${trId} MD5 S 1013928519.693957190`
  return dialect < 15 ? `USR ${trId} TWN S ct=1,rver=1` : `USR ${trId} SSO S MBI_KEY_OLD ${'A'.repeat(64)}`
}

async function website(reply: Reply): Promise<string> {
  const server = new WebServer(reply)
  stops.push(() => server.stop())
  return server.start()
}

const everyService: Reply = ({ path }, response) => {
  if (path === '/rdr/pprdr.asp') response.setHeader('PassportURLs', 'DALogin=x/login').end()
  else if (path.startsWith('/RST')) response.end(writeTokenFault(path === '/RST.srf' ? 'RST' : 'RST2', 'invalid'))
  else if (path.endsWith('.asmx')) response.writeHead(500).end(writeBoxFault())
  else response.writeHead(404).end()
}
const nothing: Reply = (_, response) => response.writeHead(404).end('<html><body>no</body></html>')

/** The settings that were printed, as the gateway reads them. */
function advised() {
  const { linked } = parse(/^linked:\n( .*\n)+/m.exec(stage.printed)?.[0] ?? '') ?? {}
  return linked as Record<string, Record<string, unknown>> | undefined
}

describe('nudge probe', () => {
  it('finds every dialect and how it signs in, and writes the settings for it', async () => {
    const { dial, timers } = speaking([18, 16, 12, 8, 7, 2], challenge)
    const web = await website(everyService)
    await probe('ds.escargot.nina.chat', { port: '1863', web }, { dial, timers, fetch })
    expect(stage.printed).toContain('MSNP18: yes, signs in with tokens (MBI_KEY_OLD)\n')
    expect(stage.printed).toContain('MSNP17: no\n')
    expect(stage.printed).toContain('MSNP12: yes, signs in with Passport\n')
    expect(stage.printed).toContain('MSNP2: yes, signs in with MD5\n')
    expect(stage.printed).toContain('shows only once somebody is signed in')
    expect(advised()).toEqual({
      nina: {
        host: 'ds.escargot.nina.chat',
        port: 1863,
        nexus: `${web}/rdr/pprdr.asp`,
        rst: `${web}/RST.srf`,
        contacts: `${web}/abservice/abservice.asmx`,
        offlineRead: `${web}/rsi/rsi.asmx`,
        offlineSend: `${web}/OimWS/oim.asmx`,
        dialects: [18, 12, 8],
      },
    })
    expect(stage.printed).toContain('dialects: [ 18, 12, 8 ]\n')
    expect(linkedConfig.parse(advised()?.['nina'])).toEqual(advised()?.['nina'])
  })

  it('is polite: one connection at a time, one dialect each, a name that is nobody, and no password', async () => {
    const { dial, timers, heard, mostOpen } = speaking([18, 12], challenge)
    await probe('verona.example', { port: '1863', web: await website(nothing) }, { dial, timers, fetch })
    expect(mostOpen()).toBe(1)
    expect(heard.filter((line) => line.startsWith('VER'))).toHaveLength(17)
    expect(heard.filter((line) => line.startsWith('USR'))).toEqual([
      'USR 3 SSO I nudge-probe@example.com',
      'USR 3 TWN I nudge-probe@example.com',
    ])
  })

  it('says that it is the client that the gateway says it is', async () => {
    const { dial, timers, heard } = speaking([18, 12], challenge)
    await probe('verona.example', { port: '1863', web: await website(nothing) }, { dial, timers, fetch })
    expect(heard.filter((line) => line.startsWith('CVR'))).toEqual([
      'CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 14.0.8117.0416 msmsgs nudge-probe@example.com',
      'CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 MSMSGS nudge-probe@example.com',
    ])
  })

  it('advises what can be done without web services: MD5, or nothing', async () => {
    const web = await website(nothing)
    const both = speaking([18, 12, 7, 6], challenge)
    await probe('10.0.0.7', { port: '1864', web }, { ...both, fetch })
    expect(advised()).toEqual({ network: { host: '10.0.0.7', port: 1864, dialects: [7, 6] } })
    stage.printed = ''
    await probe('verona.example', { port: '1863', web }, { ...speaking([18, 12], challenge), fetch })
    expect(advised()).toBeUndefined()
    expect(stage.printed).toContain('name the place with --web')
  })

  it('advises Passport where there is a nexus, or a token service of either form, and no address book', async () => {
    for (const path of ['/nexus-mock', '/RST2.srf']) {
      const web = await website((asked, response) => {
        const like = path === '/nexus-mock' ? { ...asked, path: '/rdr/pprdr.asp' } : asked
        if (asked.path === path) everyService(like, response)
        else nothing(asked, response)
      })
      stage.printed = ''
      await probe('verona.example', { port: '1863', web }, { ...speaking([18, 12, 7], challenge), fetch })
      const key = path === '/nexus-mock' ? 'nexus' : 'rst'
      expect(advised()).toEqual({ verona: { host: 'verona.example', port: 1863, [key]: `${web}${path}`, dialects: [12] } })
    }
  })

  it('takes a service that stumbles over the question for one that is there, as Escargot does', async () => {
    const web = await website((asked, response) => {
      if (asked.path === '/RST.srf') everyService(asked, response)
      else
        response
          .writeHead(asked.path.endsWith('.asmx') ? 500 : 404, { 'Content-Type': 'text/plain' })
          .end('500: Internal Server Error')
    })
    await probe('verona.example', { port: '1863', web }, { ...speaking([18, 12], challenge), fetch })
    expect(advised()).toMatchObject({
      verona: { contacts: `${web}/abservice/abservice.asmx`, offlineRead: `${web}/rsi/rsi.asmx`, dialects: [18, 12] },
    })
  })

  it('says who is sent elsewhere, and who is refused and why', async () => {
    const { dial, timers } = speaking([12, 11, 10, 9], (trId, dialect) => {
      if (dialect === 12) return `XFR ${trId} NS 10.0.0.9:1863 0 10.0.0.7:1863`
      if (dialect === 11) return `911 ${trId}`
      return dialect === 10 ? 'end' : `USR ${trId} OK ?`
    })
    const account = 'romeo@example.com'
    await probe('verona.example', { port: '1863', account, web: await website(everyService) }, { dial, timers, fetch })
    expect(stage.printed).toContain('MSNP12: yes, but sends us to 10.0.0.9:1863')
    expect(stage.printed).toContain(`MSNP11: yes, but refuses ${account} (error 911)`)
    expect(stage.printed).toContain(`MSNP10: yes, but tells ${account} nothing`)
    expect(stage.printed).toContain(`MSNP9: yes, but tells ${account} nothing`)
    expect(advised()?.['verona']).toMatchObject({ dialects: [12, 11, 10, 9] })
  })

  it('comes to an end whatever a server says', async () => {
    const web = await website(nothing)
    const line = fc.oneof(
      fc.constantFrom(
        'VER 1 MSNP18',
        'VER 1 MSNP7',
        'VER 1 0',
        'CVR 2',
        'USR 3 SSO S',
        'USR 3 MD5 S',
        'XFR 3 NS',
        '911 3',
        '500 1',
        'MSG a b 5',
        'OUT',
      ),
      fc.string({ maxLength: 40 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        let said = 0
        const { dial, timers } = scripted(() => lines[said++ % lines.length] ?? 'end')
        const everything = setInterval(() => timers.giveUp(), 5)
        await probe('verona.example', { port: '1863', web }, { dial, timers, fetch }).finally(() => clearInterval(everything))
      }),
      { numRuns: 25 },
    )
  })

  it('gives up on a server that is silent', async () => {
    const { dial, timers, heard } = scripted(() => 'silence')
    await probe('verona.example', { port: '1863', web: 'http://127.0.0.1:9' }, { dial, timers, fetch })
    expect(stage.printed.match(/no answer/g)).toHaveLength(3)
    expect(heard.filter((line) => line.startsWith('VER'))).toHaveLength(3)
    expect(stage.printed).toContain('verona.example:1863 speaks no dialect of MSN')
  })

  it('knows a server of another kind by its answer', async () => {
    const { dial, timers } = scripted(() => 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n')
    await probe('verona.example', { port: '80' }, { dial, timers, fetch })
    expect(stage.printed).toContain('verona.example:80 speaks no dialect of MSN')
  })

  it('says that nobody is there', async () => {
    const server = await startServer()
    const { notification } = server.server.ports
    await server.stop()
    await expect(probe('127.0.0.1', { port: String(notification) })).rejects.toThrow(
      `127.0.0.1:${notification} does not answer (ECONNREFUSED).`,
    )
  })

  it('keeps what it found when the server goes away', async () => {
    const { dial, timers } = speaking([18], challenge)
    let calls = 0
    const once = async () => {
      if (++calls > 1) throw Object.assign(new Error('no'), { code: 'ECONNRESET' })
      return dial()
    }
    await probe('verona.example', { port: '1863', web: await website(everyService) }, { dial: once, timers, fetch })
    expect(stage.printed).toContain('does not answer any more (ECONNRESET)')
    expect(advised()?.['verona']).toMatchObject({ dialects: [18] })
  })

  it('says that the web services are not where it looked', async () => {
    const { dial, timers } = speaking([12, 7], challenge)
    const web = await website(nothing)
    for (const stop of stops.splice(0)) await stop()
    await probe('verona.example', { port: '1863', web }, { dial, timers, fetch })
    expect(stage.printed).toContain(`${web.slice(7)} cannot be reached over HTTP (ECONNREFUSED). If they are elsewhere`)
    expect(advised()?.['verona']).toMatchObject({ dialects: [7] })
  })

  it('shows nothing of a server that could move the cursor', async () => {
    const { dial, timers } = speaking([18], (trId) => `USR ${trId} SSO S \u001b[2JMBI ${'A'.repeat(64)}`)
    await probe('verona.example', { port: '1863', web: await website(nothing) }, { dial, timers, fetch })
    expect(stage.printed).toContain('(?[2JMBI)')
    expect(stage.printed).not.toContain('\u001b')
  })

  it.each([
    [{ port: 'many' }, '"many" is no port'],
    [{ port: '0' }, '"0" is no port'],
    [{ port: '1863', account: 'romeo' }, '"romeo" is no address'],
    [{ port: '1863', web: 'msn.example' }, '"msn.example" is no address'],
  ])('refuses %j', async (options, words) => {
    await expect(probe('verona.example', options)).rejects.toThrow(words)
  })

  it('finds our own server as it is', async () => {
    const { server, stop } = await startServer()
    const { services } = server
    const site = await startSite(passportHttp(services), contactServices(services), offlineServices(services))
    stops.push(() => site.stop(), stop)
    const quick: Timers = { after: (milliseconds, run) => systemTimers.after(milliseconds < 1000 ? 0 : milliseconds, run) }
    const web = `http://127.0.0.1:${site.port}`
    const options = { port: String(server.ports.notification), web }
    await probe('127.0.0.1', options, { dial: dialTcp, timers: quick, fetch })
    expect(stage.printed.match(/: yes, signs in with/g)).toHaveLength(17)
    expect(advised()).toEqual({
      network: {
        host: '127.0.0.1',
        port: server.ports.notification,
        nexus: `${web}/rdr/pprdr.asp`,
        rst: `${web}/RST.srf`,
        contacts: `${web}/abservice/abservice.asmx`,
        offlineRead: `${web}/rsi/rsi.asmx`,
        offlineSend: `${web}/OimWS/oim.asmx`,
        dialects: [18, 12, 11, 10, 9, 8],
      },
    })
  })
})
