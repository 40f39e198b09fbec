// The sign-in library of MSN 7.5 and later: tokens for a password by SOAP (msnp-services.md A5, A6), and what else that library asks for on its way.

import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../core/clock.ts'
import { Secret } from '../../../core/secret.ts'
import { puidOf } from '../../model/member-id.ts'
import type { GrantedToken } from '../../soap/token-answer.ts'
import { writeTokenFault, writeTokens } from '../../soap/token-answer.ts'
import type { TokenForm, WantedToken } from '../../soap/tokens.ts'
import { legacyAddress, readTokenRequest } from '../../soap/tokens.ts'
import type { Accounts } from '../accounts.ts'
import type { Handle } from '../handle.ts'
import type { SignInTries } from '../sign-in-tries.ts'
import type { IssuedToken, Tokens, TokenUse } from '../tokens.ts'
import { answer, takeText } from './answer.ts'

export interface TokenServiceParts {
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly signInTries: SignInTries
  readonly clock: Clock
}

/** Seconds. Clients renew when it is nearly over, and by nothing but the password. */
const tokenLifetime = 8 * 3600
/** In bytes. */
const longestRequest = 64 * 1024

const contentTypes: Readonly<Record<TokenForm, string>> = {
  RST: 'text/xml; charset=utf-8',
  RST2: 'application/soap+xml; charset=utf-8',
}

/** The pages as a plugin of fastify. */
export function tokenService({ accounts, tokens, signInTries, clock }: TokenServiceParts): FastifyPluginAsync {
  const serve = (form: TokenForm) => async (request: FastifyRequest, reply: FastifyReply) => {
    // A fault comes with 200: some clients look at nothing else (msnp-services.md A5).
    const say = (body: string) => answer(reply, 200, { 'Content-Type': contentTypes[form] }, body)
    const asked = typeof request.body === 'string' ? readTokenRequest(request.body) : undefined
    if (!asked) return say(writeTokenFault(form, 'invalid'))
    const verify = () => accounts.verify(asked.account, asked.password)
    const handle = await signInTries.guard(asked.account, request.ip, verify)
    if (!handle) return say(writeTokenFault(form, 'refused'))
    const created = clock()
    return say(
      writeTokens(form, {
        tokens: await grant(tokens, handle, asked.wanted),
        puid: puidOf(handle),
        account: handle,
        created,
        expires: created + tokenLifetime * 1000,
      }),
    )
  }
  const empty = async (_request: FastifyRequest, reply: FastifyReply) => answer(reply, 200)

  return async (app) => {
    takeText(app, longestRequest)
    app.post('/RST.srf', serve('RST'))
    app.post('/RST2.srf', serve('RST2'))
    // Where the official service sent the addresses of one domain.
    app.post('/pp:cluster(^\\d+$)/RST.srf', serve('RST'))
    app.post('/pp:cluster(^\\d+$)/RST2.srf', serve('RST2'))
    // Policies of the sign-in library, and its question whether somebody is there at all.
    app.get('/ppcrlconfig*', empty)
    app.post('/', empty)
  }
}

/** A token for each address, unknown ones too. Those for one use are the same token. */
async function grant(tokens: Tokens, handle: Handle, wanted: readonly WantedToken[]): Promise<GrantedToken[]> {
  const issued = new Map<TokenUse, IssuedToken>()
  const granted: GrantedToken[] = []
  for (const token of wanted) {
    if (token.address === legacyAddress) {
      granted.push({ ...token, ...legacyToken() })
      continue
    }
    const use = useOf(token.address)
    const { ticket, secret } = issued.get(use) ?? (await tokens.issue(handle, use, tokenLifetime))
    issued.set(use, { ticket, secret })
    granted.push({ ...token, ticket, ...(use === 'sign-in' && { secret }) })
  }
  return granted
}

function useOf(address: string): TokenUse {
  if (address === 'messengerclear.live.com') return 'sign-in'
  return address === 'messenger.msn.com' ? 'messenger' : 'services'
}

/** Opaque, and good for nothing: clients that try to renew by it sign in again. */
function legacyToken(): { ticket: Secret; secret: Secret } {
  return { ticket: new Secret(randomBytes(48).toString('base64')), secret: new Secret(randomBytes(24).toString('base64')) }
}
