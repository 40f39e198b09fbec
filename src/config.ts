// The one schema of all settings, joined from the folders that own them; and reading a file of them.

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { describeFaults, keyName } from './config-fault.ts'
import type { SchemaNode } from './config-keys.ts'
import { describeSchema, nodeAt } from './config-keys.ts'
import type { NetworkId } from './core/address.ts'
import { networkId } from './core/address.ts'
import { ConfigError } from './core/errors.ts'
import { say } from './core/words.ts'
import { logSchema } from './log.ts'
import { storageConfig } from './mapping/config.ts'
import { matrixConfig } from './matrix/config.ts'
import { linkedConfig } from './msn/config.ts'
import { serverConfig } from './msn/server/config.ts'
import { webConfig } from './msn/server/web/config.ts'
import { redisConfig } from './redis/config.ts'

/** In milliseconds. */
const day = 24 * 60 * 60 * 1000

const deliveryConfig = z
  .strictObject({
    patienceDays: z
      .number()
      .positive()
      .max(365)
      .default(14)
      .describe('How many days a message is kept for somebody who cannot be reached, before its sender is told that it failed.'),
    reactions: z
      .enum(['line', 'off'])
      .default('line')
      .describe(
        'What becomes of a smiley that somebody puts to a message: MSN has nothing like it. `line`: it is told in a line of its own. `off`: it stays where it is.',
      ),
  })
  .transform(({ patienceDays, reactions }) => ({ patience: patienceDays * day, reactions }))

/** The id of the home network on Matrix; a label of the addresses that its people have on our MSN server. */
export const matrixId = networkId('matrix')

const networkName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, 'must be a small letter, then small letters or digits, 16 at most')
  .refine((name) => name !== matrixId, 'must be another name than "matrix"')

const embeddedConfig = serverConfig.extend({
  id: networkName
    .default('msn')
    .transform(networkId)
    .describe('What the ids of its people begin with on Matrix: @msn_…. It must not change.'),
  ...webConfig,
})

export const configSchema = z
  .strictObject({
    log: logSchema.describe('What is written to the log.'),
    redis: redisConfig.prefault({}).describe('Where Nudge keeps what it must remember.'),
    seal: storageConfig.prefault({}).describe('How passwords of linked accounts are sealed.'),
    delivery: deliveryConfig.prefault({}).describe('How messages are delivered.'),
    matrix: matrixConfig.optional().describe('The homeserver whose users may use Nudge. Left out: no Matrix.'),
    msn: embeddedConfig.optional().describe('An MSN server of our own, for vintage clients. Left out: none.'),
    linked: z
      .record(networkName, linkedConfig)
      .default({})
      .describe('MSN networks out there, by a name of your choice that becomes part of the ids of their people: choose once.'),
  })
  .refine((config) => config.matrix || config.msn, {
    path: ['matrix'],
    error: 'this section or "msn": a gateway without both has nothing to do',
  })
  .refine((config) => !config.msn || !(config.msn.id in config.linked), {
    path: ['linked'],
    error: 'names other than the id of "msn"',
  })
  .refine((config) => !ghostNetworksOf(config).some((id) => config.matrix?.senderLocalpart.startsWith(`${id}_`)), {
    path: ['matrix', 'senderLocalpart'],
    error: 'a name that does not begin like those of ghosts, with a network and "_"',
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
    msn: config.msn && {
      ...config.msn,
      authority: filesOf(config.msn.authority, beside),
      vintageTls: filesOf(config.msn.vintageTls, beside),
    },
  }
}

function filesOf<Section extends { readonly certFile: string; readonly keyFile: string }>(
  section: Section,
  beside: (path: string) => string,
): Section {
  return { ...section, certFile: beside(section.certFile), keyFile: beside(section.keyFile) }
}

/** Reads settings from text; `file` only serves to name the place. `${NAME}` in a value stands for a variable of the environment. */
export function parseConfig(text: string, file: string, env: NodeJS.ProcessEnv = {}): Config {
  const keys = describeSchema(configSchema)
  const root = fillIn(readYaml(text, file), [], { keys, env, file })
  const result = configSchema.safeParse(root)
  if (!result.success) throw new ConfigError(describeFaults(result.error.issues, { file, root, keys }))
  return result.data
}

function readYaml(text: string, file: string): unknown {
  // Without the log level, the library warns on standard error.
  const document = parseDocument(text, { logLevel: 'error' })
  const [fault] = document.errors
  // Behind the first line of its messages stands what the file holds, which may be a secret.
  if (fault) throw notYaml(file, fault.message.split('\n')[0]?.replace(/:$/, ''))
  try {
    return document.toJS() ?? {}
  } catch (error) {
    // An alias that leads nowhere, or one that leads everywhere; its name may be a password that begins with "*".
    throw notYaml(file, error instanceof Error ? error.message.split(':')[0] : undefined)
  }
}

function notYaml(file: string, reason = ''): ConfigError {
  return new ConfigError(say({ key: 'config.not-yaml', params: { file, reason } }))
}

interface Filling {
  readonly keys: SchemaNode
  readonly env: NodeJS.ProcessEnv
  readonly file: string
}

function fillIn(value: unknown, path: readonly string[], filling: Filling): unknown {
  if (Array.isArray(value)) return value.map((item, index) => fillIn(item, [...path, String(index)], filling))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, [...path, key], filling)]))
  if (typeof value !== 'string' || !variable.test(value)) return value
  const text = value.replaceAll(variables, (_, name: string) => {
    const found = filling.env[name]
    if (found === undefined)
      throw new ConfigError(say({ key: 'config.no-variable', params: { file: filling.file, key: keyName(path), name } }))
    return found
  })
  return asType(text, nodeAt(filling.keys, path).type)
}

const variable = /\$\{(\w+)\}/
const variables = new RegExp(variable, 'g')

/** The environment knows only text: where a number or a truth value is wanted, it is read as one. */
function asType(text: string, type: string | undefined): unknown {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text
}

/** The linked networks, by the ids under which they are known. */
export function linkedNetworks<Settings>({ linked }: { readonly linked: Readonly<Record<string, Settings>> }) {
  return Object.entries(linked).map(([name, settings]) => ({ id: networkId(name), settings }))
}

interface GhostNetworks {
  readonly msn?: { readonly id: NetworkId } | undefined
  readonly linked: Readonly<Record<string, unknown>>
}

/** The networks whose people have ghosts on Matrix. */
export function ghostNetworksOf({ msn, linked }: GhostNetworks): NetworkId[] {
  return [...(msn ? [msn.id] : []), ...linkedNetworks({ linked }).map(({ id }) => id)]
}
