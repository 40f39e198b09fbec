// Pictures and files from Matrix, as somebody at an MSN client gets them: a real Synapse, a whole Nudge, and a browser that knows only the link.

import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { freePort } from '../../support/synapse.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const picture = randomBytes(40_000)

let world: World
let juliet: MsnUser
let romeo: MatrixUser
let room: string

beforeAll(async () => {
  const port = await freePort()
  const media = { url: `http://127.0.0.1:${port}`, listen: { port }, largest: 1 }
  world = await World.start({ matrix: { media } })
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet')
  romeo = await world.matrixUser('romeo')
  room = await romeo.startChat(ghostOf('msn', juliet.account))
})

afterAll(async () => {
  await world?.stop()
})

/** As Element sends a file. */
async function sends(msgtype: string, name: string, type: string, bytes = picture): Promise<{ event: string; link: string }> {
  const url = await romeo.uploads(bytes, type)
  const info = { mimetype: type, size: bytes.length }
  const event = await romeo.says(room, { msgtype, body: name, filename: name, url, info })
  const { text } = await juliet.hears(`/${name.replaceAll(' ', '_')}`)
  return { event, link: /http:\/\/\S+/.exec(text)?.[0] ?? '' }
}

const digest = (bytes: ArrayBuffer | Uint8Array) => createHash('sha256').update(new Uint8Array(bytes)).digest('hex')

describe('a picture that Romeo sends', () => {
  it('is a line with a link for Juliet, behind which is the picture, for whoever has no account', async () => {
    const { link } = await sends('m.image', 'balcony.png', 'image/png')
    const file = await fetch(link)
    expect(file.status).toBe(200)
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(digest(await file.arrayBuffer())).toBe(digest(picture))
  })

  it('is gone when he takes it back', async () => {
    const { event, link } = await sends('m.image', 'regret.png', 'image/png')
    expect((await fetch(link)).status).toBe(200)
    await romeo.redacts(room, event)
    await expect.poll(async () => (await fetch(link)).status, { timeout: 30_000, interval: 100 }).toBe(404)
    expect(await (await fetch(link)).text()).toContain('This file is not here any more')
  })

  it('stays when another is taken back, and a link of one letter more leads nowhere', async () => {
    const { link } = await sends('m.image', 'rose.png', 'image/png')
    expect((await fetch(link)).status).toBe(200)
    expect((await fetch(link.replace('/rose.png', 'x/rose.png'))).status).toBe(404)
  })

  it('that is larger than is passed on says so to whoever opens the link', async () => {
    const { link } = await sends('m.image', 'fresco.png', 'image/png', randomBytes(1024 * 1024 + 1))
    const file = await fetch(link)
    expect(file.status).toBe(413)
    expect(await file.text()).toContain('too large')
  })
})

describe('a file that Romeo sends', () => {
  it('is saved under its name, and nothing in it runs', async () => {
    const { link } = await sends('m.file', 'to Juliet.html', 'text/html', Buffer.from('<script>alert(1)</script>'))
    const file = await fetch(link)
    expect(file.headers.get('content-type')).toBe('application/octet-stream')
    expect(file.headers.get('content-disposition')).toContain('attachment; filename="to Juliet.html"')
    expect(await file.text()).toBe('<script>alert(1)</script>')
  })
})
