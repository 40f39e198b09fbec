// The page on which a person changes their password, and opts in to or out of the sign-in of MSN 1.0 to 4.7.

import { say } from '../../../../core/words.ts'
import type { Account, Accounts } from '../../accounts.ts'
import { AccountError } from '../../accounts.ts'
import { handleOf } from '../../handle.ts'
import type { SignInTries } from '../../sign-in-tries.ts'
import type { Form } from './form.ts'
import { addressField, field, formOf, newPasswordFields, oldClientsBox } from './form.ts'
import type { Page } from './layout.ts'
import { html } from './markup.ts'

export interface PasswordParts {
  readonly domain: string
  readonly accounts: Accounts
  readonly tries: SignInTries
}

/** Changes a password. A text says why not; it is the same for a wrong password and for somebody who has no account. */
export async function changePassword(
  form: Form,
  visitor: string,
  { domain, accounts, tries }: PasswordParts,
): Promise<Account | string> {
  const [handle, password] = [handleOf(form.address('address', domain)), form.secret('password')]
  if (password.reveal() !== form.secret('again').reveal()) return say({ key: 'page.form-not-same' })
  const known = handle && (await tries.guard(handle, visitor, () => accounts.verify(handle, form.secret('old'))))
  if (!known) return say({ key: 'page.password-wrong' })
  try {
    return await accounts.passwd(known, password, { md5: form.isTicked('old-clients') })
  } catch (error) {
    if (!(error instanceof AccountError)) throw error
    return say(error.phrase)
  }
}

/** The form, with what was written into it but for secrets. */
export function passwordPage({ domain }: PasswordParts, token: string, form?: Form, fault?: string): Page {
  const fields = [
    addressField(domain, form?.text('address')),
    field({ name: 'old', label: say({ key: 'page.password-old' }), kind: 'password', autocomplete: 'current-password' }),
    ...newPasswordFields(say({ key: 'page.password-new' })),
    oldClientsBox(),
  ]
  const title = say({ key: 'page.password-title' })
  return { title, body: formOf('/password', fields, say({ key: 'page.password-send' }), token, fault), isPrivate: true }
}

/** What is said once it is changed. */
export function passwordChangedPage({ email }: Account): Page {
  return {
    title: say({ key: 'page.password-done-title' }),
    body: html`<p>${say({ key: 'page.password-done', params: { email } })}</p>`,
  }
}
