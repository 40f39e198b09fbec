// An account that its owner lends us: called with another token than ours, perhaps at another homeserver.

import { z } from 'zod'
import type { Secret } from '../core/secret.ts'
import type { Call, Method } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'

const defaultTimeout = 30_000

/** What we ask never has a longer answer, in characters. */
const longestAnswer = 1024 * 1024

/** Whatever a homeserver makes a token of, a header can hold it. */
const tokenForm = /^[\x21-\x7e]+$/

const whoami = z.object({ user_id: z.string().max(255) })

const refusal = z.object({
  errcode: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  retry_after_ms: z.number().nonnegative().optional().catch(undefined),
})

/** The account is not lent to us any more: its token was signed out, or the homeserver does not let us speak as its owner. */
export class NotLent extends HomeserverError {
  override get isPassing(): boolean {
    return false
  }
}

interface Options {
  /** Where the homeserver of the account answers clients. */
  readonly url: string
  readonly token: Secret
  /** Whose account it is, where the token opens those of others, too (application service API, identity assertion). */
  readonly userId?: string
}

/** Whether a homeserver does not know our token, or does not let us speak as the owner of the account. */
export function isRefusal(error: unknown): boolean {
  return error instanceof NotLent || (error instanceof HomeserverError && error.status === 403)
}

/** Calls a homeserver as somebody who lends us their account. */
export class LentAccount {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** Throws a HomeserverError; a NotLent when the token does not count any more. */
  async call(method: Method, path: string, { query, body, timeout = defaultTimeout }: Call = {}): Promise<unknown> {
    const { url, token, userId } = this.#options
    const asked = new URLSearchParams({ ...query, ...(userId !== undefined && { user_id: userId }) })
    const what = `${method} ${path}`
    // What fetch throws for it would have all of it in its words.
    if (!tokenForm.test(token.reveal())) throw new NotLent(what, { reason: 'no homeserver gives out such a token' })
    const request = fetch(`${url}${path}?${asked}`, {
      method,
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    })
    const { status, text } = await request.then(readAnswer).catch((error: unknown) => {
      throw new HomeserverError(what, { reason: reasonOf(error) })
    })
    if (status >= 200 && status < 300) return jsonOf(text)
    throw errorOf(what, status, jsonOf(text))
  }

  /** Whose account the homeserver takes it for. Throws a HomeserverError. */
  async owner(): Promise<string> {
    const answer = whoami.safeParse(await this.call('GET', clientPath`account/whoami`))
    if (!answer.success) throw new HomeserverError('GET account/whoami', { reason: 'an answer that is not understood' })
    return answer.data.user_id
  }
}

async function readAnswer(answer: Response): Promise<{ status: number; text: string }> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > longestAnswer) throw new RangeError('the answer is too long')
  }
  return { status: answer.status, text }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorOf(what: string, status: number, answer: unknown): HomeserverError {
  const { errcode, error, retry_after_ms: retryAfter } = refusal.safeParse(answer).data ?? {}
  const facts = {
    status,
    ...(errcode !== undefined && { errcode }),
    ...(error !== undefined && { reason: error.slice(0, 200) }),
    ...(retryAfter !== undefined && { retryAfter: Math.min(retryAfter, 60_000) }),
  }
  return status === 401 ? new NotLent(what, facts) : new HomeserverError(what, facts)
}

/** What fetch throws has the reason in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return 'no answer'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message.slice(0, 200)
}
