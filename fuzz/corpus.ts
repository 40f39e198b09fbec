// What well-behaved clients and servers say: our transcripts, command by command, and the recordings of real clients.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Speaker } from '../src/msn/wire/command.ts'
import { streamsOf } from '../test/msn/wire/streams.ts'
import { bytesOf, parseTranscript } from '../test/support/transcript.ts'

const tests = join(import.meta.dirname, '../test')

/** Single commands of one speaker, each once. */
export function commandsOf(speaker: Speaker): Buffer[] {
  const found = new Map<string, Buffer>()
  for (const file of globSync('transcripts/*/*.msnp', { cwd: tests })) {
    for (const step of parseTranscript(readFileSync(join(tests, file), 'utf8'))) {
      if (step.speaker !== speaker || !step.said) continue
      const bytes = bytesOf(step.said, new Map())
      found.set(bytes.toString('latin1'), bytes)
    }
  }
  return [...found.values()]
}

/** Whole streams of one speaker, from the recordings. */
export function recordedStreamsOf(speaker: Speaker): Buffer[] {
  const files = globSync('traces/*.pcap', { cwd: tests }).map((file) => new URL(`file://${join(tests, file)}`))
  const streams = files.flatMap((file) => streamsOf(file))
  return streams.filter(({ from, bytes }) => from === speaker && bytes.length > 0).map(({ bytes }) => bytes)
}
