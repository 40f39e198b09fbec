import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configSchema, parseConfig } from '../src/config.ts'
import { describeSchema } from '../src/config-keys.ts'
import { configText } from '../src/config-text.ts'

const root = new URL('../', import.meta.url)
const example = new URL('config/nudge.example.yaml', root)

/** The text with everything that is commented out set, but for the comments themselves. */
function uncommented(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^( *)# (?=[a-zA-Z]+:( |$))/, '$1'))
    .join('\n')
}

/** Every key of a tree, as a path. */
function pathsOf(tree: unknown, path = ''): string[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return [path]
  return Object.entries(tree).flatMap(([key, value]) => pathsOf(value, path === '' ? key : `${path}.${key}`))
}

function schemaPaths(node = describeSchema(configSchema), path = ''): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const here = path === '' ? key : `${path}.${key}`
    if (child.properties) return schemaPaths(child, here)
    if (child.additionalProperties?.properties) return schemaPaths(child.additionalProperties, `${here}.escargot`)
    return [here]
  })
}

describe('a file of settings that we write', () => {
  it('can be read, and holds what it was given', () => {
    const settings = { msn: { domain: 'msn.example.org', http: { port: 0 } }, log: { level: 'debug' } }
    const text = configText(settings, 'A heading.')
    expect(parse(text)).toEqual(settings)
    expect(parseConfig(text, 'f').msn?.http.port).toBe(0)
  })

  it('quotes what would be read as something else', () => {
    const settings = { msn: { domain: 'msn.example.org', host: '${HOST}', advertise: '10.0' }, matrix: { asToken: '- #: ' } }
    expect(parse(configText(settings, ''))).toEqual(settings)
  })

  it('keeps networks by the names that were chosen', () => {
    const linked = { verona: { host: 'a.b', dialects: [7] }, mantua: { host: 'c.d', dialects: [2, 3] } }
    const text = configText({ msn: { domain: 'm.n' }, linked }, 'A heading.')
    expect(parse(text)).toEqual({ msn: { domain: 'm.n' }, linked })
  })

  it('names every key there is, commented out where it is not set', () => {
    expect(pathsOf(parse(uncommented(configText({}, 'A heading.')))).sort()).toEqual(schemaPaths().sort())
  })

  it('is nothing but comments when nothing is set', () => {
    expect(parse(configText({}, 'A heading.'))).toBeNull()
  })

  it('shows the defaults as they are', () => {
    const text = uncommented(configText({ msn: { domain: 'm.n' }, linked: {} }, ''))
    const shown = parse(text) as { msn: Record<string, unknown>; delivery: Record<string, unknown> }
    expect(shown.msn).toMatchObject({ notificationPort: 1863, switchboardPort: 1864, host: '127.0.0.1' })
    expect(shown.delivery['patienceDays']).toBe(14)
  })

  it('is readable at a terminal: no line is longer than 120 letters', () => {
    for (const line of configText({}, 'word '.repeat(60)).split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})

describe('the example', () => {
  it('can be read', async () => {
    const text = await readFile(example, 'utf8')
    const { matrix, msn } = parseConfig(text, 'nudge.example.yaml')
    expect([matrix?.domain, msn?.domain]).toEqual(['example.org', 'msn.example.org'])
  })

  it('is fresh', async () => {
    const script = fileURLToPath(new URL('scripts/example-config.ts', root))
    const { stderr } = await promisify(execFile)(process.execPath, [script, '--check'])
    expect(stderr).toBe('')
  })
})
