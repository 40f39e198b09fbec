import { describe, expect, it } from 'vitest'
import { readMxc } from '../../../src/matrix/media/uri.ts'

describe('the name of a file', () => {
  it.each([
    ['mxc://hs.test/AbC_-9', { server: 'hs.test', id: 'AbC_-9' }],
    ['mxc://hs.test:8448/a', { server: 'hs.test:8448', id: 'a' }],
    ['mxc://[::1]:8448/a', { server: '[::1]:8448', id: 'a' }],
  ])('%s is read', (text, uri) => {
    expect(readMxc(text)).toEqual(uri)
  })

  it.each([
    'mxc://../..',
    'mxc://hs.test/..',
    'mxc://../a',
    'mxc://./a',
    'mxc://hs.test/a/../../b',
    'mxc://hs.test/%2e%2e',
    'mxc://hs.test/a?b=c',
    'mxc://hs.test/a#b',
    'mxc://hs.test/a\r\nX: y',
    'mxc://romeo@hs.test/a',
    'mxc://hs.test/',
    'mxc:///a',
    'https://hs.test/a',
    'file:///etc/passwd',
    `mxc://hs.test/${'a'.repeat(256)}`,
    '',
  ])('%j is refused', (text) => {
    expect(readMxc(text)).toBeUndefined()
  })
})
