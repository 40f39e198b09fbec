// What is wrong in a file of settings, in one line: the key, what was found, what is allowed. A value that opens doors is not repeated.

import type { z } from 'zod'
import type { SchemaNode } from './config-keys.ts'
import { keysOf, nodeAt } from './config-keys.ts'
import type { Phrase } from './core/words.ts'
import { say } from './core/words.ts'
import { withoutSecrets } from './log.ts'

interface Place {
  readonly file: string
  /** What the file holds. */
  readonly root: unknown
  /** What it may hold. */
  readonly keys: SchemaNode
}

/** Keys whose value opens doors, or may hold a password. */
const secretKey = /token|password|secret|url|^key$/i
const longestShown = 80

/** One fault, and how many more there are. A key that does not exist comes first: it is often a missing one, misspelt. */
export function describeFaults(issues: readonly z.core.$ZodIssue[], place: Place): string {
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  if (!first) return place.file
  const count = issues.length - 1 + (first.code === 'unrecognized_keys' ? first.keys.length - 1 : 0)
  return describeFault(first, place) + (count > 0 ? say({ key: 'config.more', params: { count } }) : '')
}

/** A path as people write it. */
export function keyName(path: readonly PropertyKey[]): string {
  return path.map((step) => onlyName(String(step))).join('.') || say({ key: 'config.top' })
}

function describeFault(issue: z.core.$ZodIssue, { file, root, keys }: Place): string {
  if (issue.code === 'unrecognized_keys') {
    const key = keyName([...issue.path, issue.keys[0] ?? ''])
    const allowed = Object.keys(keysOf(nodeAt(keys, issue.path))).join(', ')
    return say({ key: 'config.unknown-key', params: { file, key, allowed } })
  }
  const value = issue.path.reduce<unknown>((inner, step) => (isTree(inner) ? inner[String(step)] : undefined), root)
  const found = issue.code === 'invalid_key' ? say({ key: 'config.such-a-name' }) : shown(value, issue)
  return say({ key: 'config.wrong', params: { file, key: keyName(issue.path), found, allowed: allowedBy(issue, keys) } })
}

function shown(value: unknown, issue: z.core.$ZodIssue): string {
  if (value === undefined || value === null) return say({ key: 'config.nothing' })
  if (Array.isArray(value)) return say({ key: value.length === 0 ? 'config.empty-list' : 'config.list' })
  if (isTree(value)) return say({ key: 'config.section' })
  if (isSection(issue)) return say({ key: 'config.single-value' })
  if (secretKey.test(String(issue.path.at(-1)))) return say({ key: 'config.hidden' })
  const text = typeof value === 'string' ? JSON.stringify(withoutSecrets(value)) : String(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

function allowedBy(issue: z.core.$ZodIssue, keys: SchemaNode): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeName(issue, keys)
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ')
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return say({ key: 'config.not-empty' })
      return say({
        key: issue.inclusive === false ? 'config.more-than' : 'config.at-least',
        params: { bound: String(issue.minimum) },
      })
    case 'too_big':
      return say({ key: 'config.at-most', params: { bound: String(issue.maximum) } })
    case 'invalid_key':
      return withoutMust(issue.issues[0]?.message ?? issue.message)
    default:
      return withoutMust(issue.message)
  }
}

const typeNames: Readonly<Record<string, Phrase>> = {
  string: { key: 'config.type-text' },
  number: { key: 'config.type-number' },
  int: { key: 'config.type-whole' },
  boolean: { key: 'config.type-flag' },
  array: { key: 'config.type-list' },
}

function typeName(issue: z.core.$ZodIssueInvalidType, keys: SchemaNode): string {
  const names = Object.keys(keysOf(nodeAt(keys, issue.path))).join(', ')
  if (names !== '') return say({ key: 'config.type-section', params: { names } })
  return say(typeNames[issue.expected] ?? { key: 'config.type-names' })
}

function isSection(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record')
}

/** Schemas say what a value must be; here that stands behind "allowed". */
function withoutMust(message: string): string {
  return message.replace(/^must be /, '')
}

/** In `{asToken:abc}` the blank is missing, and all of it is the key. */
function onlyName(key: string): string {
  const name = /^[\w-]*/.exec(key)?.[0] ?? ''
  return name === key ? key : `${name}…`
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
