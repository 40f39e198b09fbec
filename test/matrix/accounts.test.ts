import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { silent } from '../../src/core/log.ts'
import { Accounts } from '../../src/matrix/accounts.ts'
import { botPicture } from '../../src/matrix/bot-picture.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { Homeserver } from '../../src/matrix/homeserver.ts'
import type { Shown } from '../../src/matrix/pictures.ts'
import { Pictures } from '../../src/matrix/pictures.ts'
import { newToken, registrationOf } from '../../src/matrix/registration.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'

const bot = '@msnbot:hs.test'
const juliet = '@msn_juliet=40example.com:hs.test'
const nurse = '@msn_nurse=40example.com:hs.test'

let stub: StubHomeserver
let homeserver: Homeserver
let records: MemoryRecords
let accounts: Accounts

/** The same accounts after a restart: nothing but the records is left. */
function restart(): void {
  const parts = { homeserver, records, bot, log: silent }
  accounts = new Accounts({ ...parts, pictures: new Pictures(parts), nameFor: (userId) => userId.slice(5, 11) })
  stub.asked.length = 0
}

interface Counted extends Shown {
  loads: number
}

function picture(hash: string, load?: Shown['load']): Counted {
  const shown: Counted = {
    hash,
    loads: 0,
    async load() {
      shown.loads++
      return load ? load() : { bytes: Buffer.from(hash), type: 'image/png' }
    },
  }
  return shown
}

beforeEach(async () => {
  stub = await StubHomeserver.start()
  const config = matrixConfig.parse({ homeserver: stub.url, domain: 'hs.test', asToken: newToken(), hsToken: newToken() })
  const registration = registrationOf(config, [networkId('msn')])
  homeserver = new Homeserver({ url: stub.url, domain: 'hs.test', registration, clock: Date.now, log: silent })
  await homeserver.open()
  records = new MemoryRecords()
  restart()
})

afterEach(async () => {
  await homeserver.close()
  await stub.stop()
})

describe('an account of ours', () => {
  it('is made when it is needed, under the name that it shall have', async () => {
    expect(await accounts.exists(juliet)).toBe(false)
    await accounts.show(juliet, { name: 'Juliet' })
    expect(stub.calls).toEqual(['POST register', `PUT profile/${juliet}/displayname`])
    expect(stub.asked.at(-1)?.body).toEqual({ displayname: 'Juliet' })
    expect(await accounts.exists(juliet)).toBe(true)
  })

  it('costs nothing after a restart while it looks as it did', async () => {
    const shown = picture('rose')
    await accounts.show(juliet, { name: 'Juliet', picture: shown })
    restart()
    await accounts.ensure(juliet)
    await accounts.show(juliet, { name: 'Juliet', picture: shown })
    expect(await accounts.exists(juliet)).toBe(true)
    expect(stub.calls).toEqual([])
    expect(shown.loads).toBe(1)
  })

  it('is written once for each new look', async () => {
    await accounts.show(juliet, { name: 'Juliet' })
    restart()
    for (const name of ['Juliet', 'Juliet Capulet', 'Juliet Capulet']) await accounts.show(juliet, { name })
    expect(stub.calls).toEqual([`PUT profile/${juliet}/displayname`])
  })

  it('that the homeserver forgot is made again, with all its looks', async () => {
    await accounts.show(juliet, { name: 'Juliet', picture: picture('rose') })
    stub.forgetAccounts()
    restart()
    accounts.doubt(juliet)
    await accounts.ensure(juliet)
    expect(stub.calls).toEqual(['POST register', `PUT profile/${juliet}/displayname`, `PUT profile/${juliet}/avatar_url`])
  })

  it('that the homeserver forgot is also found out when a look is refused', async () => {
    await accounts.show(juliet, { name: 'Juliet' })
    stub.forgetAccounts()
    restart()
    await accounts.show(juliet, { name: 'Juliet Capulet' })
    expect(stub.asked.at(-1)?.body).toEqual({ displayname: 'Juliet Capulet' })
  })

  it('that is only doubted keeps its looks', async () => {
    await accounts.show(juliet, { name: 'Juliet' })
    stub.asked.length = 0
    accounts.doubt(juliet)
    await accounts.show(juliet, { name: 'Juliet' })
    expect(stub.calls).toEqual(['POST register'])
  })

  it('goes on without a look that the homeserver does not allow', async () => {
    stub.refuses = ({ path }) =>
      path.endsWith('displayname') ? { status: 400, body: { errcode: 'M_FORBIDDEN', error: 'not here' } } : undefined
    await accounts.ensure(juliet).catch(() => {})
    await expect(accounts.show(juliet, { name: 'Juliet' })).resolves.toBeUndefined()
  })

  it('turns no text around it, breaks no line and is not endless', async () => {
    await accounts.show(juliet, { name: ` Ju\u202eliet\r\n\u2067the\u0000 fair\u2069 ${'!'.repeat(5000)}` })
    const given = `Juliet the fair ${'!'.repeat(240)}`
    expect(stub.asked.at(-1)?.body).toEqual({ displayname: given })
    expect(given).toHaveLength(256)
  })
})

describe('the picture of an account', () => {
  const avatars = () => stub.asked.filter(({ path }) => path.endsWith('/avatar_url')).map(({ body }) => body)

  it('is put into the media repository once, however many show it', async () => {
    const shown = picture('rose')
    await accounts.show(juliet, { name: 'Juliet', picture: shown })
    await accounts.show(nurse, { name: 'Nurse', picture: shown })
    expect(stub.calls.filter((call) => call === 'POST media/v3/upload')).toHaveLength(1)
    expect(avatars()).toEqual([{ avatar_url: 'mxc://hs.test/picture-2' }, { avatar_url: 'mxc://hs.test/picture-2' }])
  })

  it('is uploaded as what it is', async () => {
    await accounts.show(bot, { name: 'Nudge', picture: botPicture })
    const upload = stub.asked.find(({ path }) => path === 'media/v3/upload')?.body as Buffer
    expect(upload.subarray(1, 4).toString()).toBe('PNG')
  })

  it('is taken away when there is none any more', async () => {
    await accounts.show(juliet, { name: 'Juliet', picture: picture('rose') })
    stub.asked.length = 0
    await accounts.show(juliet, { name: 'Juliet' })
    expect(avatars()).toEqual([{ avatar_url: '' }])
    restart()
    await accounts.show(juliet, { name: 'Juliet' })
    expect(stub.calls).toEqual([])
  })

  it('is left as it is while the new one cannot be had, is too large, or is no picture', async () => {
    const load = (bytes: number, type: string) => async () => ({ bytes: Buffer.alloc(bytes), type })
    await accounts.show(juliet, { name: 'Juliet', picture: picture('rose') })
    stub.asked.length = 0
    const bad: Record<string, Shown['load']> = {
      gone: async () => undefined,
      large: load(1024 * 1024 + 1, 'image/png'),
      strange: load(10, 'text/html'),
    }
    for (const [hash, each] of Object.entries(bad)) await accounts.show(juliet, { name: 'Juliet', picture: picture(hash, each) })
    expect(stub.calls).toEqual([])
  })

  it('holds nobody up whom the media repository does not serve', async () => {
    stub.refuses = ({ path }) => (path.startsWith('media') ? { status: 502, body: {} } : undefined)
    await accounts.show(juliet, { name: 'Juliet', picture: picture('rose') })
    expect(avatars()).toEqual([])
    stub.refuses = () => undefined
    await accounts.show(juliet, { name: 'Juliet', picture: picture('rose') })
    expect(avatars()).toHaveLength(1)
  })
})
