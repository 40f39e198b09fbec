// What a homeserver can show of people.

import { z } from 'zod'
import { presenceStatus } from './events.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { isFinal } from './homeserver-error.ts'
import { statusFields } from './shown-status.ts'

export interface PresenceSupport {
  /** Whether it shows who is there. */
  readonly presence: boolean
  /** Whether it knows that somebody can be busy (MSC3026). */
  readonly busy: boolean
  /** The fields of a profile in which a status can stand. */
  readonly statusFields: readonly (typeof statusFields)[number][]
}

const versions = z.object({ unstable_features: z.record(z.string(), z.unknown()).optional().catch(undefined) })

const profileFields = z.object({
  enabled: z.boolean(),
  allowed: z.array(z.string()).optional().catch(undefined),
  disallowed: z.array(z.string()).optional().catch(undefined),
})

const capabilities = z.object({
  capabilities: z.object({
    'm.profile_fields': profileFields.optional().catch(undefined),
    'uk.tcpip.msc4133.profile_fields': profileFields.optional().catch(undefined),
  }),
})

/** Asks the homeserver. Throws a HomeserverError when it cannot answer now. */
export async function presenceSupport(homeserver: Homeserver, bot: string): Promise<PresenceSupport> {
  const { unstable_features: features } = await homeserver.ask(versions, bot, 'GET', '/_matrix/client/versions')
  return {
    presence: await showsPresence(homeserver, bot),
    busy: features?.['org.matrix.msc3026.busy_presence'] === true,
    statusFields: await fieldsFor(homeserver, bot),
  }
}

/** Synapse takes what it is told when presence is off, and answers that everybody is offline; others refuse. So our bot tries it. */
async function showsPresence(homeserver: Homeserver, bot: string): Promise<boolean> {
  const path = clientPath`presence/${bot}/status`
  try {
    await homeserver.call(bot, 'PUT', path, { body: { presence: 'online' } })
    return (await homeserver.ask(presenceStatus, bot, 'GET', path)).presence !== 'offline'
  } catch (error) {
    if (isFinal(error)) return false
    throw error
  }
}

async function fieldsFor(homeserver: Homeserver, bot: string): Promise<PresenceSupport['statusFields']> {
  try {
    const { capabilities: has } = await homeserver.ask(capabilities, bot, 'GET', clientPath`capabilities`)
    const fields = has['m.profile_fields'] ?? has['uk.tcpip.msc4133.profile_fields']
    if (!fields?.enabled) return []
    return statusFields.filter((name) => (fields.allowed ? fields.allowed.includes(name) : !fields.disallowed?.includes(name)))
  } catch (error) {
    if (isFinal(error)) return []
    throw error
  }
}
