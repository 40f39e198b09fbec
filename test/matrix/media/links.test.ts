import { beforeEach, describe, expect, it } from 'vitest'
import { mediaConfig } from '../../../src/matrix/media/config.ts'
import { MediaLinks } from '../../../src/matrix/media/links.ts'
import { MemoryTickets } from '../../support/memory-stores.ts'

const hour = 3_600_000
const balcony = { ref: 'mxc://hs.test/abc', name: 'balcony.jpg', room: '!verona', event: '$1' }

let now: number
let links: MediaLinks

beforeEach(() => {
  now = 0
  const config = mediaConfig.parse({ url: 'http://files.example/nudge/', hours: 2 })
  links = new MediaLinks(config, new MemoryTickets(() => now))
})

const tokenOf = (link: string | undefined) => link?.split('/').at(-2) ?? ''

describe('a link to a file', () => {
  it('leads to our public address, and ends with the name of the file', async () => {
    expect(await links.linkTo(balcony)).toMatch(/^http:\/\/files\.example\/nudge\/m\/[\w-]{32}\/balcony\.jpg$/)
    expect(await links.linkTo({ ...balcony, name: '../ä b\r\n.png' })).toMatch(/\/_b_?\.png$/)
  })

  it('stands for the file, and for no other', async () => {
    const link = await links.linkTo(balcony)
    expect(await links.find(tokenOf(link))).toEqual(balcony)
    expect(await links.find('abc')).toBeUndefined()
    expect(await links.linkTo(balcony)).not.toBe(link)
  })

  it('ends after a while', async () => {
    const token = tokenOf(await links.linkTo(balcony))
    now = 2 * hour - 1
    expect(await links.find(token)).toBeDefined()
    now = 2 * hour
    expect(await links.find(token)).toBeUndefined()
  })

  it('is not made to what is no file of a homeserver', async () => {
    for (const ref of ['mxc://../..', 'http://hs.test/a', '']) expect(await links.linkTo({ ...balcony, ref })).toBeUndefined()
  })

  it('is not made where nobody said under which address', async () => {
    expect(await new MediaLinks(undefined, new MemoryTickets(() => now)).linkTo(balcony)).toBeUndefined()
  })
})
