// The one schema of all settings, joined from the folders that own them; and reading a file of them.

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { NetworkId } from './core/address.ts'
import { networkId } from './core/address.ts'
import { ConfigError } from './core/errors.ts'
import { say } from './core/words.ts'
import { logSchema } from './log.ts'
import { storageConfig } from './mapping/config.ts'
import { matrixConfig } from './matrix/config.ts'
import { linkedConfig } from './msn/config.ts'
import { serverConfig } from './msn/server/config.ts'
import { redisConfig } from './redis/config.ts'

const days = 24 * 60 * 60 * 1000

const deliveryConfig = z.strictObject({
  patienceDays: z
    .number()
    .positive()
    .max(365)
    .default(14)
    .describe('How many days a message is kept for somebody who cannot be reached, before its sender is told that it failed.')
    .transform((count) => count * days),
})

/** The id of the home network on Matrix; a label of the addresses that its people have on our MSN server. */
export const matrixId = networkId('matrix')

const embeddedConfig = serverConfig.extend({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/, 'must be a small letter, then small letters or digits, 16 at most')
    .refine((id) => id !== matrixId, 'must be another name than "matrix"')
    .default('msn')
    .transform(networkId)
    .describe('What the ids of its people begin with on Matrix: @msn_…. It must not change.'),
  http: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .describe('The address to listen on for the sign-in page of MSN 5.0 and newer.'),
      port: z.int().min(0).max(65_535).default(8080).describe('Its port; 0 takes a free one.'),
    })
    .prefault({})
    .describe('The web server that belongs to the MSN server.'),
})

const linkedName = z.string().regex(/^[a-z][a-z0-9]{0,15}$/, 'must be a small letter, then small letters or digits, 16 at most')

export const configSchema = z
  .strictObject({
    log: logSchema.describe('What is written to the log.'),
    redis: redisConfig.prefault({}).describe('Where Nudge keeps what it must remember.'),
    seal: storageConfig.prefault({}).describe('How passwords of linked accounts are sealed.'),
    delivery: deliveryConfig.prefault({}).describe('How messages are delivered.'),
    matrix: matrixConfig.optional().describe('The homeserver whose users may use Nudge. Left out: no Matrix.'),
    msn: embeddedConfig.optional().describe('An MSN server of our own, for vintage clients. Left out: none.'),
    linked: z
      .record(linkedName, linkedConfig)
      .default({})
      .describe('MSN networks out there, by a name of your choice that becomes part of the ids of their people: choose once.'),
  })
  .refine((config) => config.matrix || config.msn, {
    path: ['matrix'],
    error: 'this section or "msn": a gateway without both has nothing to do',
  })
  .refine((config) => !config.msn || !(config.msn.id in config.linked), {
    path: ['linked'],
    error: 'a name other than the id of "msn"',
  })

export type Config = z.output<typeof configSchema>

/** Reads a file of settings. Throws a ConfigError that names the key, what was found and what is allowed. Paths in it are relative to it. */
export async function readConfig(file: string, env: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(say({ key: 'config.unreadable', params: { file, reason: error.code ?? error.message } }))
  })
  const config = parseConfig(text, file, env)
  const beside = (path: string) => resolve(dirname(file), path)
  return {
    ...config,
    redis: { ...config.redis, dataDir: beside(config.redis.dataDir) },
    seal: { ...config.seal, keyFile: beside(config.seal.keyFile) },
  }
}

/** Reads settings from text; `file` only serves to name the place. `${NAME}` in a value stands for a variable of the environment. */
export function parseConfig(text: string, file: string, env: NodeJS.ProcessEnv = {}): Config {
  const document = parseDocument(text)
  const [fault] = document.errors
  if (fault) {
    const reason = fault.message.split('\n')[0]?.replace(/:$/, '') ?? ''
    throw new ConfigError(say({ key: 'config.not-yaml', params: { file, reason } }))
  }
  const found = fillIn(document.toJS() ?? {}, [], env, file)
  const result = configSchema.safeParse(found)
  if (result.success) return result.data
  const [issue, ...more] = result.error.issues
  if (!issue) throw new ConfigError(file)
  throw new ConfigError(
    describeIssue(issue, found, file) + (more.length > 0 ? say({ key: 'config.more', params: { count: more.length } }) : ''),
  )
}

function fillIn(value: unknown, path: readonly string[], env: NodeJS.ProcessEnv, file: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => fillIn(item, [...path, String(index)], env, file))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, [...path, key], env, file)]))
  if (typeof value !== 'string') return value
  return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const filling = env[name]
    if (filling === undefined)
      throw new ConfigError(say({ key: 'config.no-variable', params: { file, key: path.join('.'), name } }))
    return filling
  })
}

type Issue = z.core.$ZodIssue

/** Keys whose value opens doors: it is not repeated in an error. */
const secretKey = /token|password|secret|url|^key$/i

function describeIssue(issue: Issue, root: unknown, file: string): string {
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].map(String).join('.')
    const allowed = keysAt(issue.path).join(', ')
    return say({ key: 'config.unknown-key', params: { file, key, allowed } })
  }
  const key = issue.path.map(String).join('.') || '(top)'
  const value = issue.path.reduce<unknown>((inner, step) => (isTree(inner) ? inner[String(step)] : undefined), root)
  const found = value === undefined ? say({ key: 'config.nothing' }) : shown(value, String(issue.path.at(-1)))
  return say({ key: 'config.wrong', params: { file, key, found, allowed: allowedBy(issue) } })
}

function shown(value: unknown, key: string): string {
  if (secretKey.test(key)) return say({ key: 'config.hidden' })
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function allowedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return say({ key: 'config.type', params: { type: issue.expected } })
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ')
    case 'too_small':
      return say({ key: 'config.at-least', params: { bound: String(issue.minimum) } })
    case 'too_big':
      return say({ key: 'config.at-most', params: { bound: String(issue.maximum) } })
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    default:
      return issue.message.replace(/^must be /, '')
  }
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The keys that the schema has at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema = describeSchema(configSchema)
  for (const step of path) schema = schema.properties?.[String(step)] ?? schema.additionalProperties ?? {}
  return Object.keys(schema.properties ?? {})
}

/** What of JSON Schema we read. */
export interface SchemaNode {
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode
}

/** A schema as a tree of keys with their descriptions and defaults. */
export function describeSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode
}

/** The linked networks, by the ids under which they are known. */
export function linkedNetworks(config: Config) {
  return Object.entries(config.linked).map(([name, settings]) => ({ id: networkId(name), settings }))
}

/** The networks whose people have ghosts on Matrix. */
export function ghostNetworksOf(config: Config): NetworkId[] {
  return [...(config.msn ? [config.msn.id] : []), ...linkedNetworks(config).map(({ id }) => id)]
}
