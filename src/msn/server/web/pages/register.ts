// The page on which a person makes an account: everybody, or who has an invitation.

import { say } from '../../../../core/words.ts'
import type { Account, Accounts } from '../../accounts.ts'
import { AccountError } from '../../accounts.ts'
import type { Invites } from '../../invites.ts'
import type { Form } from './form.ts'
import { addressField, field, formOf, newPasswordFields, oldClientsBox } from './form.ts'
import type { Page } from './layout.ts'
import { html } from './markup.ts'

export type Registration = 'closed' | 'invite' | 'open'

export interface RegisterParts {
  readonly registration: Registration
  readonly domain: string
  readonly accounts: Accounts
  readonly invites: Invites
}

/** Makes the account that a form asks for. A text says why there is none. */
export async function register(
  form: Form,
  { registration, domain, accounts, invites }: RegisterParts,
): Promise<Account | string> {
  const [address, password, code] = [form.address('address', domain), form.secret('password'), form.secret('invite')]
  if (password.reveal() !== form.secret('again').reveal()) return say({ key: 'page.form-not-same' })
  // An invitation is used up first and given back when no account comes of it: of two who come at once with its last use, one is turned away.
  const needsInvite = registration === 'invite'
  if (needsInvite && !(await invites.redeem(code))) return say({ key: 'page.register-bad-invite' })
  try {
    return await accounts.add(address, password, { md5: form.isTicked('old-clients') })
  } catch (error) {
    if (needsInvite) await invites.giveBack(code)
    if (!(error instanceof AccountError)) throw error
    return faultOf(error)
  }
}

/** Why an account cannot be, to a person; the operator is told of commands. */
function faultOf({ phrase }: AccountError): string {
  return say(phrase.key === 'account.taken' ? { key: 'page.register-taken', params: phrase.params } : phrase)
}

/** The form, with what was written into it but for secrets. */
export function registerPage({ registration, domain }: RegisterParts, token: string, form?: Form, fault?: string): Page {
  const title = say({ key: 'page.register-title' })
  if (registration === 'closed') return { title, body: html`<p>${say({ key: 'page.register-closed' })}</p>` }
  const fields = [
    addressField(domain, form?.text('address')),
    ...newPasswordFields(say({ key: 'page.password' })),
    ...(registration === 'invite'
      ? [
          field({
            name: 'invite',
            label: say({ key: 'page.invite' }),
            hint: say({ key: 'page.invite-hint' }),
            value: form?.text('invite') ?? '',
            autocomplete: 'off',
          }),
        ]
      : []),
    oldClientsBox(),
  ]
  return { title, body: formOf('/register', fields, say({ key: 'page.register-send' }), token, fault), isPrivate: true }
}

/** What is said once the account is there. */
export function registeredPage({ email }: Account): Page {
  return {
    title: say({ key: 'page.register-done-title' }),
    body: html`<p>${say({ key: 'page.register-done', params: { email } })}</p>
<p><a href="/connect">${say({ key: 'page.register-next' })}</a></p>`,
  }
}
