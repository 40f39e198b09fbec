import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '../../src/core/words/en/index.ts'
import type { Phrase } from '../../src/core/words.ts'
import { locales, phraseFrom, say } from '../../src/core/words.ts'

const catalogue: Readonly<Record<string, string>> = en

describe('the catalogue', () => {
  it('has each key once: a file of it does not overwrite another', async () => {
    const folder = join(import.meta.dirname, '../../src/core/words/en')
    const files = readdirSync(folder).filter((file) => file !== 'index.ts')
    const parts = await Promise.all(files.map((file) => import(join(folder, file))))
    const keys = parts.flatMap((part: Record<string, object>) =>
      Object.values(part).flatMap((sentences) => Object.keys(sentences)),
    )
    expect(keys.sort()).toEqual(Object.keys(en).sort())
  })

  it('says something under every key, and leaves no brace open', () => {
    for (const [key, sentence] of Object.entries(catalogue)) {
      expect(sentence.trim(), key).not.toBe('')
      expect(sentence.replace(/\{\w+\}/g, ''), key).not.toMatch(/[{}]/)
    }
  })

  it('speaks English', () => {
    expect(locales).toEqual(['en'])
  })
})

describe('a phrase', () => {
  it('is said with its parameters, as often as they stand in it', () => {
    expect(say({ key: 'delivery.contact-offline', params: { name: 'Juliet' } })).toBe('Juliet is offline.')
    expect(say({ key: 'msn.barred', params: { number: 923 } })).toContain('(error 923)')
    const seal: Phrase = { key: 'seal.open-key-file', params: { file: '/srv/key' } }
    expect(say(seal)).toBe('The key file /srv/key can be read by others. Close it with: chmod 600 /srv/key')
  })

  it('takes parameters as they are, braces and all', () => {
    expect(say({ key: 'delivery.contact-offline', params: { name: '{name} $& $1' } })).toBe('{name} $& $1 is offline.')
  })

  it('shows where a parameter is missing rather than nothing', () => {
    expect(say({ key: 'delivery.contact-offline' } as unknown as Phrase)).toBe('{name} is offline.')
  })

  it('is the same after it was stored', () => {
    const phrase: Phrase = { key: 'login.online', params: { network: 'verona', account: 'romeo@example.com', contacts: 2 } }
    const read = phraseFrom(JSON.parse(JSON.stringify(phrase)))
    expect(read && say(read)).toBe(say(phrase))
  })

  it.each([
    [undefined],
    [null],
    ['help'],
    [{}],
    [{ key: 7 }],
    [{ key: 'no.such-sentence' }],
    [{ key: 'toString' }],
    [{ key: '__proto__' }],
  ])('is not read from %j', (value) => {
    expect(phraseFrom(value)).toBeUndefined()
  })
})
