// Writes a file of settings: every key that there is, with what it means, those that are not set commented out.

import { stringify } from 'yaml'
import { configSchema } from './config.ts'
import type { SchemaNode } from './config-keys.ts'
import { describeSchema } from './config-keys.ts'

/** Settings as they stand in a file. */
export interface Settings {
  readonly [key: string]: unknown
}

const width = 110

/** The text of a file with these settings. `heading` stands above them as a comment. */
export function configText(settings: Settings, heading: string): string {
  return `${comment(heading, '')}\n${section(describeSchema(configSchema), settings, '', true).join('\n')}\n`
}

/** The lines of one section. What is not live is commented out. */
function section(node: SchemaNode, settings: Settings, indent: string, live: boolean): string[] {
  const lines: string[] = []
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    if (indent === '') lines.push('')
    if (child.description) lines.push(comment(child.description, indent))
    lines.push(...entry(key, child, settings[key], indent, live))
  }
  return lines
}

function entry(key: string, node: SchemaNode, value: unknown, indent: string, live: boolean): string[] {
  const isLive = live && value !== undefined
  if (node.properties) return [off(`${indent}${key}:`, isLive), ...section(node, asSettings(value), `${indent}  `, isLive)]
  if (node.additionalProperties?.properties) return named(key, node.additionalProperties, value, indent, live)
  const shown = value ?? node.default
  return [
    off(
      `${indent}${key}:${shown === undefined ? '' : ` ${stringify(shown, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`}`,
      isLive,
    ),
  ]
}

/** A section whose keys are names that the operator chooses. */
function named(key: string, node: SchemaNode, value: unknown, indent: string, live: boolean): string[] {
  const chosen = Object.entries(asSettings(value))
  const isLive = live && chosen.length > 0
  const sections = isLive ? chosen : [['escargot', {}] as const]
  const lines = sections.flatMap(([name, inner]) => [
    off(`${indent}  ${name}:`, isLive),
    ...section(node, asSettings(inner), `${indent}    `, isLive),
  ])
  return [off(`${indent}${key}:`, isLive), ...lines]
}

function off(line: string, live: boolean): string {
  return live ? line : line.replace(/^( *)/, '$1# ')
}

function asSettings(value: unknown): Settings {
  return typeof value === 'object' && value !== null ? (value as Settings) : {}
}

function comment(text: string, indent: string): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line && indent.length + line.length + word.length > width) {
        lines.push(line)
        line = ''
      }
      line += line ? ` ${word}` : word
    }
    lines.push(line)
  }
  return lines.map((line) => `${indent}# ${line}`.trimEnd()).join('\n')
}
