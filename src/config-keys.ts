// The keys of a schema as a tree, with what each of them means: for the example, and to say what is allowed where something is wrong.

import { z } from 'zod'

/** What of JSON Schema we read. */
export interface SchemaNode {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode
}

/** A schema as a tree of keys with their descriptions and defaults. */
export function describeSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode
}

/** What a tree has at a path; nothing where there is no such key. */
export function nodeAt(tree: SchemaNode, path: readonly PropertyKey[]): SchemaNode {
  let node = tree
  for (const step of path) node = keysOf(node)[String(step)] ?? node.additionalProperties ?? {}
  return node
}

/** The keys that a section may have. */
export function keysOf({ properties = {} }: SchemaNode): Readonly<Record<string, SchemaNode>> {
  return Object.assign(Object.create(null) as Record<string, SchemaNode>, properties)
}
