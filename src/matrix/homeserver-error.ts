// What the homeserver, or the way to it, had against a call.

import { z } from 'zod'
import type { DeliveryError } from '../core/errors.ts'
import { ContentRefused, ConversationGone, NetworkUnreachable } from '../core/errors.ts'

/** The longest time that a homeserver can make us wait before we ask again, in milliseconds. */
const longestWait = 60_000

/** The homeserver refused a call, or could not be reached. Carries no content of messages and no token. */
export class HomeserverError extends Error {
  override readonly name = 'HomeserverError'
  /** The HTTP status; absent when there was no answer. */
  readonly status: number | undefined
  /** `M_FORBIDDEN` and the like; absent when there was none. */
  readonly errcode: string | undefined
  /** How long we were asked to wait, in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(what: string, facts: { status?: number; errcode?: string; retryAfter?: number; reason?: string }) {
    super(`${what}: ${[facts.status, facts.errcode, facts.reason].filter((part) => part !== undefined).join(' ')}`)
    this.status = facts.status
    this.errcode = facts.errcode
    this.retryAfter = facts.retryAfter
  }

  /** Whether the same call may succeed later without anybody doing anything about this room or user. */
  get isPassing(): boolean {
    // A wrong token is for the operator to mend; nobody's message shall be refused for it.
    if (this.errcode === 'M_UNKNOWN_TOKEN' || this.errcode === 'M_MISSING_TOKEN') return true
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

const refusal = z.object({
  statusCode: z.number().int(),
  errcode: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  retryAfterMs: z.number().nonnegative().optional().catch(undefined),
})

const transportFault = z.object({ code: z.string().optional().catch(undefined), message: z.string() })

/** Reads what the library threw when we called `what`. */
export function homeserverError(what: string, thrown: unknown): HomeserverError {
  const answer = refusal.safeParse(thrown)
  if (answer.success) {
    const { statusCode, errcode, error, retryAfterMs } = answer.data
    return new HomeserverError(what, {
      status: statusCode,
      ...(errcode !== undefined && { errcode }),
      ...(error !== undefined && { reason: error.slice(0, 200) }),
      ...(retryAfterMs !== undefined && { retryAfter: Math.min(retryAfterMs, longestWait) }),
    })
  }
  const fault = transportFault.safeParse(thrown)
  const reason = fault.success ? (fault.data.code ?? fault.data.message.slice(0, 200)) : 'no answer'
  return new HomeserverError(what, { reason })
}

/** The same, as the worker of the outbox understands it. */
export function toDeliveryError(error: HomeserverError): DeliveryError {
  if (error.isPassing) return unreachable(error)
  return refused(error)
}

function unreachable(error: HomeserverError): DeliveryError {
  const { retryAfter } = error
  return new NetworkUnreachable({ cause: error, detail: error.message, ...(retryAfter !== undefined && { retryAfter }) })
}

function refused(error: HomeserverError): DeliveryError {
  const options = { cause: error, detail: error.message }
  if (error.status === 413 || error.errcode === 'M_TOO_LARGE') return new ContentRefused({ key: 'matrix.too-large' }, options)
  if (error.status === 403 || error.status === 404) return new ConversationGone({ key: 'matrix.room-gone' }, options)
  return new ContentRefused({ key: 'matrix.refused', params: { code: error.errcode ?? String(error.status) } }, options)
}

/** Does something that the gateway asks for: a HomeserverError becomes what the gateway understands. */
export async function delivering<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    throw error instanceof HomeserverError ? toDeliveryError(error) : error
  }
}

/** Whether the homeserver will give the same answer next time. */
export function isFinal(error: unknown): boolean {
  return error instanceof HomeserverError && !error.isPassing
}
