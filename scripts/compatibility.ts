// Writes the tables of docs/msn-compatibility.md from compatibility-features.ts; with --check, only says whether they are fresh. Fails when a test
// that they name is not there. What stands outside the marks in the document is written by hand.

import { readFile, writeFile } from 'node:fs/promises'
import type { Feature, Proof, Service } from './compatibility-features.ts'
import { clientFeatures, serverFeatures, services } from './compatibility-features.ts'

const root = new URL('../', import.meta.url)
const document = new URL('docs/msn-compatibility.md', root)
const [begin, end] = ['<!-- made by npm run compatibility -->', '<!-- until here -->']
const dialects = Array.from({ length: 17 }, (_, index) => index + 2)

const missing: string[] = []
const texts = new Map<string, string | undefined>()

async function linkTo({ file, title }: Proof, dialect?: number): Promise<string> {
  const path = file.replace('{nn}', String(dialect).padStart(2, '0')).replace('{n}', String(dialect))
  if (!texts.has(path)) texts.set(path, await readFile(new URL(path, root), 'utf8').catch(() => undefined))
  const text = texts.get(path)
  if (text === undefined) missing.push(`there is no ${path}`)
  else if (title !== undefined && !text.includes(title)) missing.push(`${path} has no test "${title}"`)
  return `[✓](../${path}${title === undefined ? '' : ` "${shown(title, dialect)}"`})`
}

/** A title as a reader sees it when the test runs. */
function shown(title: string, dialect?: number): string {
  return title.replace(/%i|\$\{dialect\}/, String(dialect)).replaceAll('"', '')
}

async function dialectTable(heading: string, features: readonly Feature[]): Promise<string[]> {
  const lines = [`| ${heading} | ${dialects.join(' | ')} |`, `|---|${dialects.map(() => ':-:|').join('')}`]
  for (const { name, spans } of features) {
    const cells = dialects.map((dialect) => {
      const proof = spans.find(({ from, to }) => dialect >= from && dialect <= to)
      return proof ? linkTo(proof, dialect) : '–'
    })
    lines.push(`| ${name} | ${(await Promise.all(cells)).join(' | ')} |`)
  }
  return [...lines, '']
}

async function serviceTable(rows: readonly Service[]): Promise<string[]> {
  const lines = ['| Service | used by | our server | our client |', '|---|---|:-:|:-:|']
  for (const { name, clients, server, client } of rows)
    lines.push(`| ${name} | ${clients} | ${await linkTo(server)} | ${client ? await linkTo(client) : '–'} |`)
  return [...lines, '']
}

async function tables(): Promise<string> {
  const lines: string[] = ['## Our server, by dialect', '']
  for (const [heading, features] of Object.entries(serverFeatures)) lines.push(...(await dialectTable(heading, features)))
  lines.push('## Our client, by dialect', '')
  for (const [heading, features] of Object.entries(clientFeatures)) lines.push(...(await dialectTable(heading, features)))
  lines.push('## Web services and other ways in', '', ...(await serviceTable(services)))
  return lines.join('\n')
}

const present = await readFile(document, 'utf8')
const [before, , after] = present.split(new RegExp(`(?<=${begin}\n)|(?=${end})`))
if (before === undefined || after === undefined)
  throw new Error(`docs/msn-compatibility.md lacks its marks "${begin}" and "${end}"`)
const fresh = `${before}\n${await tables()}\n${after}`
if (missing.length > 0) process.stderr.write(`docs/msn-compatibility.md: ${missing.join('\n')}\n`)
else if (!process.argv.includes('--check')) await writeFile(document, fresh)
else if (present !== fresh) process.stderr.write('docs/msn-compatibility.md is stale: run "npm run compatibility"\n')
if (missing.length > 0 || (process.argv.includes('--check') && present !== fresh)) process.exitCode = 1
