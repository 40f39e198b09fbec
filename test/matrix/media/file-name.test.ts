import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileName } from '../../../src/matrix/media/file-name.ts'

describe('a file is saved', () => {
  it.each([
    ['balcony.jpg', 'balcony.jpg'],
    ['Capulet & Söhne.png', 'Capulet & Söhne.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\windows\\system32\\evil.dll', 'evil.dll'],
    ['photo\u202Egnp.exe', 'photognp.exe'],
    ['a\r\nSet-Cookie: b', 'aSet-Cookie_ b'],
    ['"; filename="x.exe', '_; filename=_x.exe'],
    ['.htaccess', 'htaccess'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console.txt', 'console.txt'],
    ['trailing. . ', 'trailing'],
    ['\u200B\u2066', 'file'],
    ['..', 'file'],
    ['', 'file'],
    [`${'x'.repeat(300)}.jpeg`, `${'x'.repeat(95)}.jpeg`],
  ])('as it was called, but for what does harm: %j', (wanted, name) => {
    expect(fileName(wanted)).toBe(name)
  })

  it('under a short name in one place, whatever it was called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (wanted) => {
        const name = fileName(wanted)
        expect(name).not.toBe('')
        expect([...name].length).toBeLessThanOrEqual(101)
        expect(name).not.toMatch(/[/\\"\p{Cc}\p{Cf}]/u)
        expect(name).not.toMatch(/^\./)
      }),
    )
  })
})
