// Our client at our dispatch server, which sends it on.

import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { startServer } from '../support/msn-server.ts'
import { accountOf, Stage } from '../support/stage.ts'

const dialects = Array.from({ length: 17 }, (_, index) => index + 2)

it.each(dialects)('goes from the dispatch server to the notification server, at MSNP%i', async (dialect) => {
  const fixture = await startServer({ listen: { host: '127.0.0.1', notificationPort: 0, switchboardPort: 0, dispatchPort: 0 } })
  const { dispatch = 0, notification } = fixture.server.ports
  const dialled: number[] = []
  const stage = new Stage(
    dialect,
    {
      dial: async ({ port }) => {
        dialled.push(port)
        return connect({ host: '127.0.0.1', port: port === 1863 ? dispatch : port, noDelay: true })
      },
      ticketFor: async (who) => new Secret(await fixture.ticketFor(accountOf(who))),
      keyFor: (who) => fixture.keyFor(accountOf(who)),
    },
    {},
  )
  await stage.enter('juliet')
  expect(dialled).toEqual([1863, notification])
  await stage.clear()
  await fixture.stop()
})
