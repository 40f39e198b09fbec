// How a homeserver answers whose accounts are kept by an authentication service of its own (Synapse beside MAS; synapse/rest/client/register.py):
// nobody signs in there, application services neither, and whoever makes an account has to say that they do not want to.

import type { Asked } from './stub-homeserver.ts'

/** The code, now and before it was in the specification. */
export const loginUnsupported = ['M_APPSERVICE_LOGIN_UNSUPPORTED', 'IO.ELEMENT.MSC4190.M_APPSERVICE_LOGIN_UNSUPPORTED'] as const

const ours = /^(?:msn_.*|msnbot)$/

/** What such a homeserver refuses; undefined: as always. */
export function nextGenerationAuth(errcode: (typeof loginUnsupported)[number]) {
  return ({ path, body }: Asked): { status: number; body: unknown } | undefined => {
    const { type, username = '', inhibit_login: isInhibited } = (body ?? {}) as Record<string, unknown>
    if (path === 'login' || path.startsWith('devices') || path === 'refresh') return refusal(400, errcode)
    if (path !== 'register') return undefined
    if (type !== 'm.login.application_service') return refusal(403, 'M_FORBIDDEN')
    if (isInhibited !== true) return refusal(400, errcode)
    return ours.test(String(username)) ? undefined : refusal(400, 'M_EXCLUSIVE')
  }
}

function refusal(status: number, errcode: string) {
  return { status, body: { errcode, error: 'no' } }
}
