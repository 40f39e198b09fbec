// What a token service elsewhere answers (RST).

import { Secret } from '../../src/core/secret.ts'
import { writeTokens } from '../../src/msn/soap/token-answer.ts'
import { readTokenRequest } from '../../src/msn/soap/tokens.ts'

/** The answer in which each token that is asked for is this ticket, good for the first day of 1970. Undefined when none is asked for. */
export function tokenAnswer(body: string, account: string, ticket: string): string | undefined {
  const tokens = readTokenRequest(body)?.wanted.map((token) => ({ ...token, ticket: new Secret(ticket) }))
  return tokens && writeTokens('RST', { tokens, puid: '', account, created: 0, expires: 86_400_000 })
}
