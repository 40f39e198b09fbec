import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { configSchema, ghostNetworksOf, linkedNetworks, parseConfig, readConfig } from '../src/config.ts'
import type { SchemaNode } from '../src/config-keys.ts'
import { describeSchema } from '../src/config-keys.ts'
import { ConfigError } from '../src/core/errors.ts'

const secret = 'hunter2-dagger-17'
const token = 'a-token-of-verona-that-is-long-enough'

const matrix = { homeserver: 'http://127.0.0.1:8008', domain: 'example.org', asToken: `${token}-1`, hsToken: `${token}-2` }
const msn = { domain: 'msn.example.org' }
const verona = { host: 'verona.example', nexus: 'https://verona.example/rdr/pprdr.asp' }
const good = { matrix: { ...matrix, media: { url: 'http://files.example.org' } }, msn, linked: { verona } }

/** What is said about a config; fails when nothing is. */
function complaint(config: unknown, env: NodeJS.ProcessEnv = {}): string {
  const text = typeof config === 'string' ? config : stringify(config)
  try {
    parseConfig(text, 'nudge.yaml', env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    const { message } = error as ConfigError
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error(`nothing was wrong with ${text}`)
}

describe('a wrong setting is one line with the key, what was found and what is allowed', () => {
  it.each<[string, unknown, string]>([
    ['one of a few', { ...good, log: { level: 'loud' } }, 'log.level: found "loud"; allowed: "fatal", "error", "warn"'],
    [
      'text for a number',
      { ...good, msn: { ...msn, notificationPort: 'many' } },
      'msn.notificationPort: found "many"; allowed: a number',
    ],
    ['a fraction', { ...good, msn: { ...msn, switchboardPort: 1.5 } }, 'msn.switchboardPort: found 1.5; allowed: a whole number'],
    ['too much', { ...good, msn: { ...msn, http: { port: 70_000 } } }, 'msn.http.port: found 70000; allowed: at most 65535'],
    ['too little', { ...good, delivery: { patienceDays: 0 } }, 'delivery.patienceDays: found 0; allowed: more than 0'],
    [
      'no number at all',
      `${stringify(good)}delivery: { patienceDays: .nan }`,
      'delivery.patienceDays: found NaN; allowed: a number',
    ],
    ['a number for text', { ...good, msn: { domain: 7 } }, 'msn.domain: found 7; allowed: text'],
    [
      'text for a truth',
      { ...good, msn: { ...msn, challenge: 'maybe' } },
      'msn.challenge: found "maybe"; allowed: true or false',
    ],
    [
      'a level that there is not',
      { ...good, matrix: { ...matrix, permissions: { 'mantua.test': 'god' } } },
      'matrix.permissions.mantua…: found "god"; allowed: "block", "relay", "commands", "user", "admin"',
    ],
    [
      'a level for nobody',
      { ...good, matrix: { ...matrix, permissions: { 'not a server': 'user' } } },
      'matrix.permissions.not…: found this name; allowed: "*", the name',
    ],
    ['an empty text', { ...good, msn: { ...msn, host: '' } }, 'msn.host: found ""; allowed: anything but nothing'],
    [
      'an empty list',
      { msn, linked: { verona: { ...verona, dialects: [] } } },
      'linked.verona.dialects: found an empty list; allowed: anything but',
    ],
    [
      'an entry of a list',
      { msn, linked: { verona: { ...verona, dialects: [12, 19] } } },
      'linked.verona.dialects.1: found 19; allowed: numbers from 2',
    ],
    ['nothing', { msn, matrix: { ...matrix, domain: null } }, 'matrix.domain: found nothing; allowed: text'],
    ['a key left out', { msn: {} }, 'msn.domain: found nothing; allowed: text'],
    ['a section left empty', { msn, log: null }, 'log: found nothing; allowed: a section with the keys level, format'],
    ['a list for a section', { msn, log: ['info'] }, 'log: found a list; allowed: a section with the keys level, format'],
    ['a section for a value', { msn: { domain: { name: 'x' } } }, 'msn.domain: found a section; allowed: text'],
    [
      'no sections of networks',
      { msn, linked: 'verona' },
      'linked: found a single value; allowed: a section with a name of your choice',
    ],
    [
      'no URL',
      { ...good, matrix: { ...matrix, homeserver: 'example.org' } },
      'matrix.homeserver: found "example.org"; allowed: an address that begins',
    ],
    ['a name that is none', { msn, linked: { Verona: verona } }, 'linked.Verona: found this name; allowed: a small letter'],
    [
      'the name of the home',
      { msn, linked: { matrix: verona } },
      'linked.matrix: found this name; allowed: another name than "matrix"',
    ],
    ['the home as an id', { msn: { ...msn, id: 'matrix' } }, 'msn.id: found "matrix"; allowed: another name than "matrix"'],
    [
      'one name for two networks',
      { msn, linked: { msn: verona } },
      'linked: found a section; allowed: names other than the id of "msn"',
    ],
    [
      'a bot that looks like a ghost',
      { msn, matrix: { ...matrix, senderLocalpart: 'msn_bot' } },
      'matrix.senderLocalpart: found "msn_bot"; allowed: a name that does not begin',
    ],
    [
      'no nexus for new dialects',
      { msn, linked: { verona: { host: 'h' } } },
      'linked.verona.nexus: found nothing; allowed: an address',
    ],
    ['nothing to do', {}, 'matrix: found nothing; allowed: this section or "msn"'],
    ['an empty file', '', 'matrix: found nothing; allowed: this section or "msn"'],
    ['a list of settings', ['log'], 'the file: found a list; allowed: a section with the keys log, redis, seal'],
    [
      'a file of another kind',
      'once upon a time',
      'the file: found a single value; allowed: a section with the keys log, redis, seal',
    ],
  ])('%s', (_, config, line) => {
    expect(complaint(config)).toContain(`nudge.yaml: ${line}`)
  })

  it('names an unknown key before a missing one, which it may stand for', () => {
    expect(complaint({ matrix: { ...matrix, asToken: undefined, as_token: token } })).toMatch(
      /matrix\.as_token: there is no such key.*\(and 1 more\)$/,
    )
  })

  it('counts what else is wrong', () => {
    const message = complaint({ msn: { ...msn, id: 'X', host: '' }, log: { levl: 1, colour: 2 } })
    expect(message).toMatch(/\(and 3 more\)$/)
  })

  it('cuts what is long', () => {
    const message = complaint({ msn: { domain: 'x y'.repeat(1000) } })
    expect(message.length).toBeLessThan(300)
  })
})

describe('an unknown key', () => {
  it.each([
    ['at the top', { ...good, mns: {} }, 'mns', 'log, redis, seal, delivery, matrix, msn, linked'],
    ['in a section', { ...good, log: { levl: 'info' } }, 'log.levl', 'level, format'],
    ['in a section within', { msn: { ...msn, http: { prot: 1 } } }, 'msn.http.prot', 'host, port'],
    [
      'in a network',
      { msn, linked: { verona: { ...verona, nexsus: 'x' } } },
      'linked.verona.nexsus',
      'profile, host, port, web, nexus, rst, contacts, offlineRead, offlineSend, dialects',
    ],
    ['that objects have', { ...good, constructor: 1 }, 'constructor', 'log, redis'],
  ])('%s is told with those that are allowed', (_, config, key, allowed) => {
    expect(complaint(config)).toContain(`nudge.yaml: ${key}: there is no such key. Allowed here: ${allowed}`)
  })

  it('called __proto__ is one, and changes nothing', () => {
    expect(complaint(`${stringify(good)}__proto__: { log: { level: trace } }`)).toContain('__proto__: there is no such key')
    expect({}).not.toHaveProperty('log')
  })

  it('is not told with what stands behind it when the blank is missing', () => {
    const message = complaint(`matrix: {asToken:${secret}}`)
    expect(message).toContain('matrix.asToken…: there is no such key')
    expect(message).not.toContain(secret)
  })
})

describe('what is not YAML', () => {
  it.each([
    ['a quote that never ends', 'msn: "x'],
    ['tabs', 'msn:\n\tdomain: x'],
    ['a key twice', 'msn: { domain: a }\nmsn: { domain: b }'],
    ['two documents', 'msn: { domain: a }\n---\nmsn: { domain: b }'],
    [
      'a bomb of aliases',
      [
        'a: &a [x, x, x, x, x, x, x, x, x, x]',
        ...[...'bcd'].map(
          (name, index) =>
            `${name}: &${name} [${'*abc'[index + 1] === undefined ? '' : Array.from({ length: 20 }, () => `*${'abc'[index]}`).join(', ')}]`,
        ),
      ].join('\n'),
    ],
  ])('%s is told in one line', (_, text) => {
    expect(complaint(text)).toMatch(/^nudge\.yaml: not YAML: \S/)
  })

  it.each([
    ['an alias', `seal: { key: *${secret} }`],
    ['a quote', `seal: { key: "${secret} }`],
    ['a bracket', `seal: { key: [${secret} }`],
    ['a reserved letter', `seal: { key: @${secret} }`],
  ])('%s does not show the value that it stands in', (_, text) => {
    expect(complaint(text)).not.toContain(secret)
  })
})

describe('a value that opens doors is never shown', () => {
  it.each<[string, unknown]>([
    ['a token that is too short', { msn, matrix: { ...matrix, asToken: secret } }],
    ['a token in a list', { msn, matrix: { ...matrix, hsToken: [secret] } }],
    ['a token in a section', { msn, matrix: { ...matrix, hsToken: { value: secret } } }],
    ['a token that is a number', { msn, matrix: { ...matrix, asToken: 17_171_717 } }],
    ['a URL of Redis that is none', { msn, redis: { url: secret } }],
    ['a URL where a section should be', { msn, redis: `redis://:${secret}@127.0.0.1` }],
    ['a key where a section should be', { msn, seal: secret }],
    ['a key in a list', { msn, seal: [{ key: secret }] }],
    ['sections in a list', [{ matrix: { ...matrix, asToken: secret } }]],
    ['a whole file of text', `asToken=${secret}`],
    ['a password in an address', { msn, matrix: { ...matrix, homeserver: `ftp://romeo:${secret}@example.org` } }],
    ['a password in the address of a nexus', { msn, linked: { verona: { ...verona, nexus: `ftp://romeo:${secret}@x` } } }],
    ['a token from the environment', { msn, matrix: { ...matrix, asToken: '${TOKEN}' } }],
  ])('%s', (_, config) => {
    const message = complaint(config, { TOKEN: secret })
    expect(message).not.toContain(secret)
    expect(message).not.toContain('17171717')
  })
})

describe('every key', () => {
  const leaves: [string, SchemaNode][] = []
  const walk = (node: SchemaNode, path: string) => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (child.properties) walk(child, `${path}${key}.`)
      else if (child.additionalProperties?.properties) walk(child.additionalProperties, `${path}${key}.verona.`)
      else leaves.push([`${path}${key}`, child])
    }
  }
  walk(describeSchema(configSchema), '')

  it.each(leaves)('%s says in words what it is for and, of anything wrong, what is allowed', (path, node) => {
    expect(node.description).toMatch(/^[A-Z"].*\.$/)
    let refused = 0
    for (const wrong of [{}, [{}], 12.5, -1, '', ' \n', true, null]) {
      const config = structuredClone(good) as Record<string, unknown>
      const steps = path.split('.')
      const last = steps.pop() ?? ''
      let section = config
      for (const step of steps) {
        section[step] ??= {}
        section = section[step] as Record<string, unknown>
      }
      section[last] = wrong
      const text = stringify(config)
      try {
        parseConfig(text, 'nudge.yaml')
      } catch (error) {
        refused++
        const { message } = error as Error
        expect(message.split('\n')).toHaveLength(1)
        expect(message).toMatch(new RegExp(`^nudge\\.yaml: ${path.replaceAll('.', '\\.')}(\\.0)?: found .+; allowed: .+`))
        expect(message).not.toMatch(/invalid|expected|undefined|allowed: must|\bint\b|\bobject\b/i)
      }
    }
    expect(refused).toBeGreaterThan(3)
  })
})

describe('variables of the environment', () => {
  it('stand in for text, or for a part of it', () => {
    const config = parseConfig(stringify({ msn, matrix: { ...matrix, domain: '${HOST}.example', asToken: '${TOKEN}' } }), 'f', {
      HOST: 'verona',
      TOKEN: token,
    })
    expect(config.matrix?.domain).toBe('verona.example')
    expect(config.matrix?.asToken.reveal()).toBe(token)
  })

  it('stand in for numbers and truths', () => {
    const config = parseConfig('msn: { domain: a.b, notificationPort: "${PORT}", challenge: "${YES}" }', 'f', {
      PORT: '1900',
      YES: 'true',
    })
    expect(config.msn).toMatchObject({ notificationPort: 1900, challenge: true })
    expect(complaint('msn: { domain: a.b, notificationPort: "${PORT}" }', { PORT: 'x' })).toContain(
      'found "x"; allowed: a number',
    )
  })

  it('are not looked at twice', () => {
    const config = parseConfig(stringify({ msn: { ...msn, host: '${A}' } }), 'f', { A: '${B}', B: 'x' })
    expect(config.msn?.host).toBe('${B}')
  })

  it('that are missing are told with the key', () => {
    expect(complaint({ msn: { domain: '${NO_SUCH}' } })).toBe(
      'nudge.yaml: msn.domain: the variable NO_SUCH of the environment is not set.',
    )
  })
})

describe('a file of settings', () => {
  let folder: string | undefined

  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  async function fileWith(text: string): Promise<string> {
    folder = await mkdtemp(join(tmpdir(), 'nudge-config-'))
    const file = join(folder, 'nudge.yaml')
    await writeFile(file, text)
    return file
  }

  it('that is not there is told with its name', async () => {
    const file = await fileWith('')
    await expect(readConfig(`${file}.not`)).rejects.toThrow(`${file}.not: cannot be read (ENOENT). "nudge init" writes one.`)
  })

  it('that is a folder is told with its name', async () => {
    await fileWith('')
    await expect(readConfig(folder ?? '')).rejects.toThrow(`${folder}: cannot be read (EISDIR)`)
  })

  it('names folders beside itself, wherever one stands', async () => {
    const file = await fileWith(stringify({ msn, redis: { dataDir: 'here/redis' } }))
    const config = await readConfig(file)
    expect(config.redis.dataDir).toBe(join(folder ?? '', 'here/redis'))
    expect(config.seal.keyFile).toBe(join(folder ?? '', 'data/key'))
  })

  it('may name folders elsewhere', async () => {
    const file = await fileWith(stringify({ msn, redis: { dataDir: '/srv/redis' }, seal: { keyFile: '/srv/key' } }))
    const config = await readConfig(file)
    expect([config.redis.dataDir, config.seal.keyFile]).toEqual(['/srv/redis', '/srv/key'])
  })

  it('is filled from the environment of the process', async () => {
    const config = await readConfig(await fileWith('msn: { domain: "${NUDGE_TEST_DOMAIN}" }'), { NUDGE_TEST_DOMAIN: 'a.b' })
    expect(config.msn?.domain).toBe('a.b')
  })
})

describe('a config', () => {
  it('gives its networks by id', () => {
    const config = parseConfig(stringify(good), 'f')
    expect(ghostNetworksOf(config)).toEqual(['msn', 'verona'])
    expect(linkedNetworks(config)).toEqual([{ id: 'verona', settings: config.linked['verona'] }])
    expect(ghostNetworksOf(parseConfig(stringify({ matrix, linked: { verona } }), 'f'))).toEqual(['verona'])
  })

  it('hides its secrets from whoever prints it', () => {
    const config = parseConfig(stringify({ ...good, redis: { url: `redis://:${secret}@h` }, seal: { key: secret } }), 'f')
    expect(JSON.stringify(config)).not.toContain(secret)
    expect(JSON.stringify(config)).not.toContain(token)
  })

  it('counts patience in milliseconds', () => {
    expect(parseConfig(stringify({ msn, delivery: { patienceDays: 0.5 } }), 'f').delivery.patience).toBe(43_200_000)
  })
})
