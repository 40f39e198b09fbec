import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { init } from '../../src/cli/init.ts'
import { readConfig } from '../../src/config.ts'
import { cliFolder } from '../support/cli-folder.ts'

const stage = cliFolder()
let file: string

beforeEach(() => {
  file = stage.in('nudge.yaml')
})

describe('nudge init', () => {
  it('writes a file that can be read, and says what comes next', async () => {
    await init({ config: file })
    const { matrix, msn } = await readConfig(file)
    expect([matrix?.homeserver, matrix?.domain, msn?.domain]).toEqual(['http://127.0.0.1:8008', 'example.org', 'msn.example.org'])
    expect(stage.printed).toContain(`Wrote ${file}.`)
  })

  it('takes what it is told', async () => {
    await init({
      config: file,
      homeserver: 'https://matrix.verona.example',
      domain: 'verona.example',
      msnDomain: 'm.verona.example',
    })
    const { matrix, msn } = await readConfig(file)
    expect([matrix?.homeserver, matrix?.domain, msn?.domain]).toEqual([
      'https://matrix.verona.example',
      'verona.example',
      'm.verona.example',
    ])
  })

  it('makes an MSN server alone when only that is named', async () => {
    await init({ config: file, msnDomain: 'msn.verona.example' })
    const { matrix, msn } = await readConfig(file)
    expect(matrix).toBeUndefined()
    expect(msn?.domain).toBe('msn.verona.example')
  })

  it('makes a name for the MSN server of a homeserver with a port', async () => {
    await init({ config: file, domain: 'Verona.example:8448' })
    const { matrix, msn } = await readConfig(file)
    expect([matrix?.domain, msn?.domain]).toEqual(['Verona.example:8448', 'msn.verona.example'])
  })

  it('keeps the file from others', async () => {
    await init({ config: file })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('makes other tokens each time, two of them, and shows none', async () => {
    const tokens: string[] = []
    for (const name of ['a', 'b']) {
      await init({ config: join(stage.folder, name) })
      const { matrix } = await readConfig(join(stage.folder, name))
      tokens.push(matrix?.asToken.reveal() ?? '', matrix?.hsToken.reveal() ?? '')
    }
    expect(new Set(tokens).size).toBe(4)
    for (const token of tokens) {
      expect(token).toHaveLength(43)
      expect(stage.printed).not.toContain(token)
    }
  })

  it('leaves a file that is there as it is', async () => {
    await writeFile(file, 'mine')
    await expect(init({ config: file })).rejects.toThrow(`${file} is there already, and stays as it is.`)
    expect(await readFile(file, 'utf8')).toBe('mine')
  })

  it('says why a file cannot be written', async () => {
    const nowhere = join(stage.folder, 'no', 'such', 'nudge.yaml')
    await expect(init({ config: nowhere })).rejects.toThrow(`${nowhere} was not written: ENOENT`)
  })

  it.each([
    [{ homeserver: 'verona.example' }, 'matrix.homeserver: found "verona.example"; allowed: an address that begins with http'],
    [{ domain: 'https://verona.example' }, 'matrix.domain: found "https://verona.example"; allowed: the name of a Matrix server'],
    [{ msnDomain: 'MSN' }, 'msn.domain: found "MSN"; allowed: a host name in small letters'],
  ])('refuses %j and writes nothing', async (options, complaint) => {
    await expect(init({ config: file, ...options })).rejects.toThrow(complaint)
    await expect(stat(file)).rejects.toThrow('ENOENT')
  })
})
