// nudge invite: codes with which people make an account on the page of our own MSN server. Works beside a running gateway.

import { openAccounts } from '../accounts.ts'
import { readConfig } from '../config.ts'
import { StartError } from '../core/errors.ts'
import { silent } from '../core/log.ts'
import { say } from '../core/words.ts'
import type { Invite, Invites } from '../msn/server/invites.ts'
import { dayOf, tell } from './tell.ts'

interface CreateOptions {
  readonly config: string
  readonly uses: string
  readonly days?: string
}

/** Prints a new code, the only time that it is seen. Throws a StartError. */
export async function createInvite({ config, uses, days }: CreateOptions): Promise<void> {
  const size = { uses: countFrom('--uses', uses), days: days === undefined ? undefined : countFrom('--days', days) }
  await withInvites(config, async (invites) => {
    tell((await invites.create(size)).reveal())
  })
}

/** Prints every code that still opens something, one a line, without the code. Throws a StartError. */
export function listInvites({ config }: { config: string }): Promise<void> {
  return withInvites(config, async (invites) => {
    for (const invite of await invites.list()) tell(lineFor(invite))
  })
}

/** Takes a code back. Throws a StartError. */
export function revokeInvite(id: string, { config }: { config: string }): Promise<void> {
  return withInvites(config, async (invites) => {
    if (!(await invites.revoke(id))) throw new StartError(say({ key: 'invite.unknown', params: { id } }))
    tell(say({ key: 'invite.revoked', params: { id } }))
  })
}

function lineFor({ id, uses, left, until }: Invite): string {
  if (until === undefined) return say({ key: 'invite.line', params: { id, uses, left } })
  return say({ key: 'invite.line-until', params: { id, uses, left, until: dayOf(until) } })
}

function countFrom(option: string, text: string): number {
  const count = Number(text)
  if (!/^\d{1,4}$/.test(text) || count < 1) throw new StartError(say({ key: 'invite.bad-number', params: { option, text } }))
  return count
}

async function withInvites(file: string, use: (invites: Invites) => Promise<void>): Promise<void> {
  const { invites, close } = await openAccounts(await readConfig(file), silent)
  try {
    await use(invites)
  } finally {
    await close()
  }
}
