import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import type { PortalId } from '../../src/core/portal.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import type { MatrixNetwork } from '../../src/matrix/network.ts'
import { newToken } from '../../src/matrix/registration.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import { loginUnsupported, nextGenerationAuth } from '../support/next-gen-auth.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'
import { juliet, julietsGhost, Lines, makeNetwork } from './stage.ts'

let stub: StubHomeserver
let network: MatrixNetwork
let lines: Lines

beforeEach(async () => {
  stub = await StubHomeserver.start()
  const config = matrixConfig.parse({
    homeserver: stub.url,
    domain: 'hs.test',
    listen: { port: 0 },
    asToken: newToken(),
    hsToken: newToken(),
  })
  lines = new Lines()
  network = makeNetwork(config, new MemoryRecords(), lines)
})

afterEach(async () => {
  await network.stop()
  await stub.stop()
})

describe.each(loginUnsupported)('at a homeserver whose accounts nobody signs in to (%s)', (errcode) => {
  it('our bot and our ghosts are made, named, put into rooms and heard, without a sign-in and without a token of their own', async () => {
    stub.refuses = nextGenerationAuth(errcode)
    await network.start(async () => {})
    await lines.line(/reach each other/)
    await network.introduce({ of: juliet, on: network.id, name: 'Juliet' }, async () => undefined)
    const romeo = { network: networkId('matrix'), id: '@romeo:hs.test' }
    const conversation = await network.open({ portal: 'portal' as PortalId, as: julietsGhost, user: romeo })
    const content = { kind: 'text', runs: [{ text: 'Ay me.' }] } as const
    const receipt = await network.deliver({
      id: 'delivery' as DeliveryId,
      conversation,
      as: julietsGhost,
      content,
      sentAt: Date.now(),
      again: false,
    })
    expect(receipt.id).toMatch(/^\$/)
    const registrations = stub.asked.filter(({ path }) => path === 'register')
    expect(registrations.map(({ body }) => body)).toEqual(
      ['msnbot', 'msn_juliet=40example.com'].map((username) => ({
        type: 'm.login.application_service',
        username,
        inhibit_login: true,
      })),
    )
    expect(stub.calls.filter((call) => /login|devices|refresh|logout/.test(call))).toEqual([])
    expect(stub.calls).toContain(`PUT profile/${julietsGhost.id}/displayname`)
    expect(lines.lines.filter((line) => /fail|refuse|cannot/i.test(line))).toEqual([])
  })
})

describe('an account that is somebody else’s', () => {
  it('is not ours, and what was to be said by it is refused with the reason of the homeserver', async () => {
    await network.start(async () => {})
    await lines.line(/reach each other/)
    stub.refuses = ({ path }) =>
      path === 'register' ? { status: 400, body: { errcode: 'M_EXCLUSIVE', error: 'no' } } : undefined
    const introduced = network.introduce({ of: juliet, on: network.id, name: 'Juliet' }, async () => undefined)
    await expect(introduced).rejects.toMatchObject({ fate: 'fail', phrase: { params: { code: 'M_EXCLUSIVE' } } })
  })
})
