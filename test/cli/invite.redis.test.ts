// Invitations as an operator makes them and people use them: whole processes, beside a gateway.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import { MsnUser } from '../support/msn-user.ts'
import { NudgeProcess, runNudge } from '../support/nudge-process.ts'

const config = {
  log: { format: 'json' },
  msn: { domain: 'verona.test', notificationPort: 0, switchboardPort: 0, http: { port: 0 }, registration: 'invite' },
}

let folder: string
let nudge: NudgeProcess

/** Runs `nudge invite …`. */
const invite = (...words: readonly string[]) => runNudge(['invite', ...words, '--config', nudge.configFile])

describe('nudge invite', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nudge-invite-'))
    nudge = await NudgeProcess.withConfig(join(folder, 'nudge.yaml'), config)
  })

  afterAll(async () => {
    await nudge.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('makes a code, lists it by another name, and takes it back', async () => {
    const { code, output } = await invite('create', '--uses', '3', '--days', '7')
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^\w{4}-\w{4}-\w{4}-\w{4}\n$/) })
    const list = (await invite('list')).output
    const [, id = ''] = /^([0-9a-f]{8}) {2}3 of 3 left, good until \d{4}-\d\d-\d\d\n$/.exec(list) ?? []
    expect(await invite('revoke', id)).toEqual({ code: 0, output: `${id} opens nothing any more.\n`, errors: '' })
    expect((await invite('list')).output).toBe('')
    expect(await invite('revoke', id)).toMatchObject({ code: 2, errors: expect.stringContaining(`is called ${id}.`) })
  })

  it.each([
    ['--uses', '0'],
    ['--uses', '1.5'],
    ['--days', 'many'],
    ['--days', '10000'],
  ])('%s %s is refused in one line', async (option, value) => {
    expect(await invite('create', option, value)).toEqual({
      code: 2,
      output: '',
      errors: `nudge: ${option}: found "${value}"; allowed: a whole number from 1 to 9999\n`,
    })
  })

  it('lets in one of two who come at once with its last use, who then signs in', async () => {
    await nudge.start()
    const code = (await invite('create')).output.trim()
    const { notification, http } = nudge.places
    if (!notification || http === undefined) throw new Error('this Nudge has no MSN server')
    const browser = new Browser(http)
    const form = await browser.open('/register')
    const fields = { password: 'rosaline', again: 'rosaline', invite: code }
    const both = ['juliet', 'nurse'].map(async (address) => (await browser.resend(form, { ...fields, address })).status)
    const statuses = await Promise.all(both)
    expect(statuses.toSorted()).toEqual([200, 400])
    const account = statuses[0] === 200 ? 'juliet@verona.test' : 'nurse@verona.test'
    const user = new MsnUser({ account, password: 'rosaline', server: notification, http })
    await user.signsIn()
    await user.signsOut()
    expect((await invite('list')).output).toBe('')
  })
})
