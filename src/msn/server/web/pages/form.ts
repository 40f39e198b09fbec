// Forms: how they are shown, and what comes back of them.

import { Secret } from '../../../../core/secret.ts'
import { say } from '../../../../core/words.ts'
import { longestPassword } from '../../accounts.ts'
import type { Markup } from './markup.ts'
import { html } from './markup.ts'

/** In letters, of any field. */
export const longestField = 200

/** The fields of a form that came in, by name. */
export class Form {
  readonly #fields: URLSearchParams

  /** Undefined for a body that is no form, or that has a field twice or one that is too long. */
  static from(body: unknown): Form | undefined {
    if (!(body instanceof URLSearchParams)) return undefined
    const names = [...body.keys()]
    const isFit = names.length === new Set(names).size && [...body.values()].every((value) => value.length <= longestField)
    return isFit ? new Form(body) : undefined
  }

  private constructor(fields: URLSearchParams) {
    this.#fields = fields
  }

  /** What was written, without blanks around it; nothing where there is no such field. */
  text(name: string): string {
    return this.#fields.get(name)?.trim() ?? ''
  }

  /** What was written, as it is: a blank belongs to a password. */
  secret(name: string): Secret {
    return new Secret(this.#fields.get(name) ?? '')
  }

  isTicked(name: string): boolean {
    return this.#fields.has(name)
  }

  /** An address as it is signed in with: without a host, it is one of ours. */
  address(name: string, domain: string): string {
    const written = this.text(name)
    return written === '' || written.includes('@') ? written : `${written}@${domain}`
  }
}

interface Field {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly kind?: 'text' | 'password'
  readonly value?: string
  /** For what browsers of today fill in. */
  readonly autocomplete: string
}

/** A field with its label and its hint. */
export function field({ name, label, hint, kind = 'text', value = '', autocomplete }: Field): Markup {
  return html`<p><label for="${name}">${label}</label><br>
<input type="${kind}" name="${name}" id="${name}" value="${value}" size="40" maxlength="${longestField}" autocomplete="${autocomplete}">${hintOf(hint)}</p>
`
}

/** The address that an account is signed in with; without a host it is one of this server. */
export function addressField(domain: string, value = ''): Markup {
  const hint = say({ key: 'page.address-hint', params: { domain } })
  return field({ name: 'address', label: say({ key: 'page.address' }), hint, value, autocomplete: 'username' })
}

/** A new password, twice. */
export function newPasswordFields(label: string): readonly Markup[] {
  const secret = { kind: 'password', autocomplete: 'new-password' } as const
  const hint = say({ key: 'page.password-hint', params: { longest: longestPassword } })
  return [
    field({ name: 'password', label, hint, ...secret }),
    field({ name: 'again', label: say({ key: 'page.password-again' }), ...secret }),
  ]
}

/** A form that posts to a path, with what stands above its fields when it was sent and came to nothing. */
export function formOf(path: string, fields: readonly Markup[], send: string, token: string, fault?: string): Markup {
  return html`${fault === undefined ? undefined : html`<p class="fault">${fault}</p>\n`}<form method="post" action="${path}" accept-charset="utf-8">
${fields}<p><input type="hidden" name="token" value="${token}"><input type="submit" value="${send}"></p>
</form>`
}

/** The box with which accounts opt in to the sign-in of MSN 1.0 to 4.7. It is never ticked already. */
export function oldClientsBox(): Markup {
  return html`<p><input type="checkbox" name="old-clients" id="old-clients" value="yes"> <label for="old-clients">${say({ key: 'page.old-clients' })}</label>${hintOf(say({ key: 'page.old-clients-hint' }))}</p>
`
}

function hintOf(hint: string | undefined): Markup | undefined {
  return hint === undefined ? undefined : html`<br><span class="hint">${hint}</span>`
}
