import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pictureTypeOf } from '../../../src/msn/model/picture-type.ts'

test.each([
  ['image/gif', 'GIF89a........'],
  ['image/gif', 'GIF87a........'],
  ['image/jpeg', '\xff\xd8\xff\xe0....'],
  ['image/png', '\x89PNG\r\n\x1a\n....'],
  ['image/bmp', 'BM............'],
  [undefined, 'BM'],
  [undefined, '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  [undefined, '<script>'],
  [undefined, ' GIF89a'],
])('bytes are %s', (type, bytes) => expect(pictureTypeOf(Buffer.from(bytes, 'latin1'))).toBe(type))

test('most bytes are no picture, and none break it', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const type = pictureTypeOf(bytes)
      expect(type === undefined || bytes.length > 2).toBe(true)
    }),
  )
})
