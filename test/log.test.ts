import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Secret } from '../src/core/secret.ts'
import { openLog, withoutSecrets } from '../src/log.ts'

const secret = 'hunter2-dagger'

function logTo(format: 'json' | 'pretty') {
  const output = new PassThrough()
  const log = openLog({ level: 'trace', format }, output)
  return { log, written: () => String(output.read() ?? '') }
}

/** Every way we could think of to get a secret into a line. */
const attempts: [string, Record<string, unknown>, string][] = [
  ['a Secret', { it: new Secret(secret) }, 'x'],
  ['a Secret in the sentence', {}, `signed in with ${new Secret(secret)}`],
  ['a Secret deep inside', { a: { b: [{ c: new Secret(secret) }] } }, 'x'],
  ['a field called password', { password: secret }, 'x'],
  ['a field called password in an object', { login: { password: secret } }, 'x'],
  ['credentials two levels down', { a: { b: { credentials: secret } } }, 'x'],
  ['headers of a request', { req: { headers: { authorization: `Bearer ${secret}` } } }, 'x'],
  ['an error that names a URL', { err: new Error(`GET http://hs/x?access_token=${secret}&a=1 failed`) }, 'x'],
  [
    'an error with a body',
    { err: Object.assign(new Error('failed'), { body: { password: secret }, config: { headers: secret } }) },
    'x',
  ],
  ['an error that caused another', { err: new Error('outer', { cause: new Error(`Authorization: Bearer ${secret}`) }) }, 'x'],
  ['the URL of Redis', { err: new Error(`cannot connect to redis://user:${secret}@127.0.0.1`) }, 'x'],
  ['a Passport header', {}, `sign-in=juliet%40example.com,pwd=${secret},ct=1`],
  ['a JSON body in a sentence', {}, `{"password":"${secret}"}`],
]

describe.each(['json', 'pretty'] as const)('the log in %s', (format) => {
  it.each(attempts)('does not show %s', (_, context, message) => {
    const { log, written } = logTo(format)
    log.info(context, message)
    log.child({ login: 'romeo' }).error(context, message)
    const lines = written()
    expect(lines).not.toBe('')
    expect(lines).not.toContain(secret)
  })

  it('shows what a line is about', () => {
    const { log, written } = logTo(format)
    log.child({ login: 'romeo' }).warn({ line: '07-abc-room', err: new Error('it broke') }, 'something happened')
    const lines = written()
    for (const part of ['romeo', '07-abc-room', 'it broke', 'something happened']) expect(lines).toContain(part)
  })
})

describe('text for the log', () => {
  it('keeps what is no secret', () => {
    const text = 'GET http://127.0.0.1:8008/_matrix/client/v3/sync?since=s1 took 3 ms; the password was wrong'
    expect(withoutSecrets(text)).toBe(text)
  })
})
