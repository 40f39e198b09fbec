// The example transcripts of msnp-core.md, whole: both directions are decoded, and the trace of what was decoded is the transcript.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Speaker } from '../../../src/msn/wire/command.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { trace } from '../../../src/msn/wire/trace.ts'
import { decodeAll, singleBytes } from '../../support/codec-case.ts'

interface Said {
  readonly from: Speaker
  /** The line and the payload as shown. */
  readonly text: string
}

const folder = new URL('./examples/', import.meta.url)

describe.each(readdirSync(folder))('%s', (file) => {
  const { dialect, said } = readExample(readFileSync(new URL(file, folder), 'utf8'))

  it.each<Speaker>(['client', 'server'])('is read and written as it stands: %s', (from) => {
    const own = said.filter((one) => one.from === from)
    const bytes = Buffer.concat(own.map(bytesOf))
    for (const chunks of [[bytes], singleBytes(bytes)]) {
      const commands = decodeAll(from, dialect, chunks)
      expect(commands.map((command) => trace(from, command))).toEqual(own.map(({ text }) => masked(text)))
      expect(Buffer.concat(commands.map(encode)).toString()).toBe(bytes.toString())
    }
  })
})

function readExample(text: string): { dialect: number; said: Said[] } {
  const [title = '', ...lines] = text.replace(/\n$/, '').split('\n')
  const said: Said[] = []
  for (const line of lines) {
    if (line.startsWith('# ')) continue
    const last = said.at(-1)
    if (/^[CS]: /.test(line)) said.push({ from: line.startsWith('C') ? 'client' : 'server', text: line })
    else if (last) said[said.length - 1] = { ...last, text: `${last.text}\n${line}` }
  }
  return { dialect: Number(title.replace('# MSNP', '')), said }
}

function bytesOf({ text }: Said): Buffer {
  const [line = '', ...payload] = text.slice('C: '.length).split('\n')
  return Buffer.from(`${line}\r\n${payload.join('\r\n')}`)
}

function masked(text: string): string {
  return text
    .replace(/^(C: USR \d+ (?:MD5|TWN) S ).*$/m, '$1•••')
    .replace(/^(C: USR \d+ SSO S ).*$/m, '$1••• ••• •••')
    .replace(/^(C: USR \d+ \S+@\S+ )\S+$/m, '$1•••')
    .replace(/^(C: ANS \d+ \S+ )\S+/m, '$1•••')
    .replace(/( CKI )\S+/, '$1•••')
    .replace(/^(MSPAuth: ).*$/m, '$1•••')
}
