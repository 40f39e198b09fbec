// The accounts as an operator makes them: whole processes, without a gateway and beside one.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MsnUser } from '../support/msn-user.ts'
import { NudgeProcess, runNudge } from '../support/nudge-process.ts'

const token = 'a-token-of-verona-that-is-long-enough'
const config = {
  log: { format: 'json' },
  msn: { domain: 'verona.test', notificationPort: 0, switchboardPort: 0, http: { port: 0 } },
}

let folder: string
let nudge: NudgeProcess

/** Runs `nudge account …`, with something on standard input. */
function account(words: readonly string[], input = '') {
  return runNudge(['account', ...words, '--config', nudge.configFile], { input })
}

function juliet(password: string): MsnUser {
  const { notification, http } = nudge.places
  if (!notification || http === undefined) throw new Error('this Nudge has no MSN server')
  return new MsnUser({ account: 'juliet@verona.test', password, server: notification, http })
}

describe('nudge account', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nudge-account-'))
    nudge = await NudgeProcess.withConfig(join(folder, 'nudge.yaml'), config)
  })

  afterEach(() => nudge.stop())
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('makes, lists and removes accounts without a gateway', async () => {
    expect(await account(['list'])).toEqual({ code: 0, output: '', errors: '' })
    expect(await account(['add', 'Tybalt@Verona.test'], 'prince\n')).toEqual({
      code: 0,
      output: 'Made tybalt@verona.test.\n',
      errors: '',
    })
    expect(await account(['add', 'nurse@verona.test', '--old-clients'], 'peter')).toMatchObject({ code: 0 })
    const { output } = await account(['list'])
    expect(output).toMatch(
      /^nurse@verona\.test {2}since \d{4}-\d\d-\d\d, also for MSN 1\.0 to 4\.7\ntybalt@verona\.test {2}since \d{4}-\d\d-\d\d\n$/,
    )
    expect(await account(['remove', 'TYBALT@verona.test'])).toMatchObject({ code: 0, errors: '' })
    expect((await account(['list'])).output).not.toContain('tybalt')
  })

  it.each([
    ['an address that is none', ['add', 'juliet'], 'x\n', '"juliet" is not an address for an account.'],
    ['an address that is too long', ['add', `${'j'.repeat(120)}@verona.test`], 'x\n', 'at most 129'],
    [
      'a second account of the same address',
      ['add', 'nurse@verona.test'],
      'x\n',
      'There is an account nurse@verona.test already.',
    ],
    ['an address that is taken, before a password is asked for,', ['add', 'nurse@verona.test'], '', 'There is an account'],
    ['nobody, before a password is asked for,', ['passwd', 'a@verona.test'], '', 'There is no account a@verona.test.'],
    ['a password that is too long', ['add', 'a@verona.test'], 'seventeen-letters', 'A password can have 16 letters at most'],
    ['no password', ['add', 'a@verona.test'], '', 'The password of an account cannot be empty.'],
    ['an empty line for a password', ['add', 'a@verona.test'], '\nsecond', 'The password of an account cannot be empty.'],
    ['another password for nobody', ['passwd', 'a@verona.test'], 'x\n', 'There is no account a@verona.test.'],
    ['the removal of nobody', ['remove', 'a@verona.test'], '', 'There is no account a@verona.test.'],
  ])('%s is one line and ends with 2', async (_, words, input, complaint) => {
    const { code, output, errors } = await account(words, input)
    expect({ code, output }).toEqual({ code: 2, output: '' })
    expect(errors).toMatch(/^nudge: .+\n$/)
    expect(errors).toContain(complaint)
    if (input.trim() !== '' && input !== 'x\n') expect(errors).not.toContain(input.trim())
  })

  it('refuses the addresses of people from elsewhere', async () => {
    const matrix = { homeserver: 'http://127.0.0.1:1', domain: 'hs.test', asToken: `${token}-1`, hsToken: `${token}-2` }
    const other = await NudgeProcess.withConfig(join(folder, 'with-matrix.yaml'), { ...config, matrix })
    const words = ['account', 'add', 'romeo@matrix.verona.test', '--config', other.configFile]
    const { code, errors } = await runNudge(words, { input: 'x\n' })
    expect(code).toBe(2)
    expect(errors).toBe(
      'nudge: "romeo@matrix.verona.test" belongs to people of other networks and cannot be an account here. Choose another domain.\n',
    )
  })

  it('says so where there is no MSN server', async () => {
    const matrix = { homeserver: 'http://127.0.0.1:1', domain: 'hs.test', asToken: `${token}-1`, hsToken: `${token}-2` }
    const other = await NudgeProcess.withConfig(join(folder, 'without-msn.yaml'), { matrix })
    const { code, errors } = await runNudge(['account', 'list', '--config', other.configFile])
    expect(code).toBe(2)
    expect(errors).toMatch(/^nudge: There is no section "msn" in the config.*\n$/)
  })

  it('works beside a running gateway, and what it does counts at once', async () => {
    await nudge.start()
    expect(await account(['add', 'juliet@verona.test'], 'rosaline\n')).toMatchObject({ code: 0, errors: '' })
    const first = juliet('rosaline')
    await first.signsIn()
    await first.adds('nurse@verona.test')
    await first.signsOut()

    expect(await account(['passwd', 'juliet@verona.test'], 'dagger\n')).toMatchObject({
      code: 0,
      output: 'juliet@verona.test has another password.\n',
    })
    await expect(juliet('rosaline').signsIn()).rejects.toThrow('refused')
    const second = juliet('dagger')
    await second.signsIn()
    expect(second.contacts).toMatchObject([{ account: 'nurse@verona.test' }])
    await second.signsOut()

    expect(await account(['remove', 'juliet@verona.test'])).toMatchObject({ code: 0, output: 'Forgot juliet@verona.test.\n' })
    await expect(juliet('dagger').signsIn()).rejects.toThrow('refused')

    // Whoever gets the address next finds an empty list.
    expect(await account(['add', 'juliet@verona.test'], 'another\n')).toMatchObject({ code: 0 })
    const third = juliet('another')
    await third.signsIn()
    expect(third.contacts).toEqual([])
    await third.signsOut()
  })

  it('leaves nothing behind that keeps a gateway from starting', async () => {
    await account(['list'])
    await nudge.start()
    expect(await nudge.stop()).toBe(0)
    expect((await account(['list'])).output).toContain('nurse@verona.test')
  })
})
