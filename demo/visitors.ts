// What to try next, once the play is over.

import type { World } from '../test/support/world.ts'
import { domains, ghostOf } from '../test/support/world.ts'
import { juliet, romeo } from './play.ts'
import { narrate, scene } from './stage.ts'

/** Makes accounts for somebody who comes with clients of their own, and tells where to point them. */
export async function inviteVisitors(world: World): Promise<void> {
  const nurse = { address: `nurse@${domains.msn}`, password: 'angelica' }
  await world.addAccount(world.nudge, nurse.address, nurse.password, '--old-clients')
  const { notification, http } = world.nudge.places
  scene('Now you. Everything stays up until Ctrl-C.')
  narrate(`  Element (desktop)   homeserver ${world.synapse.url}, user ${romeo.name}, password ${romeo.password}`)
  narrate(`                      start a chat with ${ghostOf('msn', nurse.address)}, or with @msnbot:${domains.matrix}`)
  narrate(
    `  An MSN client       server ${notification?.host} port ${notification?.port}, sign-in (Passport) ${http}/rdr/pprdr.asp`,
  )
  for (const { address, password } of [juliet, nurse]) narrate(`                      account ${address}, password ${password}`)
  narrate(`                      nurse may also come with MSN 1.0 to 4.7 (MD5); Romeo is romeo@matrix.${domains.msn} to them`)
}
