import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readMedia } from '../../../src/msn/model/media.ts'

const song = String.raw`\0Music\01\0{0} - {1}\0Song Title\0Song Artist\0Song Album\0\0`

it('says what is played in the form that the sender chose', () => {
  expect(readMedia(song)).toBe('Song Title - Song Artist')
  expect(readMedia(String.raw`iTunes\0Music\01\0{1}: {0}{9}\0a\0b\0`)).toBe('b: a')
  expect(readMedia(String.raw`\0Games\01\0Playing {0}\0Solitaire\0`)).toBe('Playing Solitaire')
})

it('says nothing when it is off, empty or something else', () => {
  expect(readMedia(song.replace(String.raw`\01\0`, String.raw`\00\0`))).toBeUndefined()
  for (const none of ['', 'Music', String.raw`\0Music\01\0`, String.raw`\0Music\01\0{0}\0\0`])
    expect(readMedia(none)).toBeUndefined()
})

it('puts each part in once, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -[\]-~]{1,20}$/), (title) => {
      expect(readMedia(String.raw`\0Music\01\0{0}\0${title}\0`)).toBe(title.trim() || undefined)
    }),
  )
})
