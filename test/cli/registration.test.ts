import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { init } from '../../src/cli/init.ts'
import { writeRegistration } from '../../src/cli/registration.ts'
import { readConfig } from '../../src/config.ts'
import { cliFolder } from '../support/cli-folder.ts'

const stage = cliFolder()
let config: string
let output: string

beforeEach(() => {
  config = stage.in('nudge.yaml')
  output = stage.in('registration.yaml')
})

describe('nudge registration', () => {
  it('writes what fits the config, for nobody else to read, and shows no token', async () => {
    await init({ config, domain: 'verona.example' })
    await writeRegistration({ config, output })
    const { matrix } = await readConfig(config)
    const tokens = [matrix?.asToken.reveal() ?? '', matrix?.hsToken.reveal() ?? '']
    expect(parse(await readFile(output, 'utf8'))).toMatchObject({
      id: 'nudge',
      url: 'http://127.0.0.1:29318',
      as_token: tokens[0],
      hs_token: tokens[1],
      sender_localpart: 'msnbot',
      namespaces: { users: [{ exclusive: true, regex: '@msn_.*:verona\\.example' }] },
    })
    expect((await stat(output)).mode & 0o777).toBe(0o600)
    expect(stage.printed).toContain(`Wrote ${output}.`)
    for (const token of tokens) expect(stage.printed).not.toContain(token)
  })

  it('writes the other file, by which users lend us their accounts: it claims nobody, and the homeserver tells nothing there', async () => {
    await init({ config, domain: 'verona.example', puppets: true })
    await writeRegistration({ config, output, puppets: true })
    const puppetToken = (await readConfig(config)).matrix?.puppetToken?.reveal() ?? ''
    const registration = parse(await readFile(output, 'utf8')) as { hs_token: string }
    expect(registration).toMatchObject({
      id: 'nudge-puppets',
      url: null,
      as_token: puppetToken,
      sender_localpart: 'msnbot-puppets',
      rate_limited: false,
      namespaces: { users: [{ exclusive: false, regex: '@.*:verona\\.example' }], aliases: [], rooms: [] },
    })
    expect(registration.hs_token).toMatch(/^.{32,}$/)
    expect((await stat(output)).mode & 0o777).toBe(0o600)
    expect(stage.printed).toContain(`Wrote ${output}.`)
    expect(stage.printed).not.toContain(puppetToken)
  })

  it('writes no other file where there is no token for it', async () => {
    await init({ config, domain: 'verona.example' })
    await expect(writeRegistration({ config, output, puppets: true })).rejects.toThrow(`${config} has no matrix.puppetToken`)
    await expect(stat(output)).rejects.toThrow('ENOENT')
  })

  it('claims the ghosts of every network', async () => {
    await init({ config, domain: 'verona.example' })
    const settings = parse(await readFile(config, 'utf8')) as object
    await writeFile(config, stringify({ ...settings, linked: { mantua: { host: 'mantua.example', dialects: [7] } } }))
    await writeRegistration({ config, output })
    expect(parse(await readFile(output, 'utf8'))).toMatchObject({
      namespaces: { users: [{ regex: '@msn_.*:verona\\.example' }, { regex: '@mantua_.*:verona\\.example' }] },
    })
  })

  it('is written anew over an old one', async () => {
    await init({ config })
    await writeFile(output, 'x'.repeat(10_000), { mode: 0o600 })
    await writeRegistration({ config, output })
    expect(parse(await readFile(output, 'utf8'))).toMatchObject({ id: 'nudge' })
  })

  it('is refused where there is no Matrix side', async () => {
    await init({ config, msnDomain: 'msn.verona.example' })
    await expect(writeRegistration({ config, output })).rejects.toThrow(`${config} has no section "matrix"`)
    await expect(stat(output)).rejects.toThrow('ENOENT')
  })

  it('is refused where the port would be another at each start', async () => {
    await init({ config })
    const settings = parse(await readFile(config, 'utf8')) as { matrix: object }
    const matrix = { ...settings.matrix, listen: { port: 0 } }
    await writeFile(config, stringify({ ...settings, matrix }))
    await expect(writeRegistration({ config, output })).rejects.toThrow('matrix.listen.port: found 0; allowed: a port that stays')
    await writeFile(config, stringify({ ...settings, matrix: { ...matrix, url: 'https://nudge.verona.example' } }))
    await writeRegistration({ config, output })
    expect(parse(await readFile(output, 'utf8'))).toMatchObject({ url: 'https://nudge.verona.example' })
  })

  it('says why it cannot be written', async () => {
    await init({ config })
    const nowhere = join(stage.folder, 'no', 'such', 'registration.yaml')
    await expect(writeRegistration({ config, output: nowhere })).rejects.toThrow(`${nowhere} was not written: ENOENT`)
  })
})
