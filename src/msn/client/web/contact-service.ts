// The calls of the contact services: one after the other, each with a ticket (msnp-services.md A8, A14).

import { type ContactFault, contactAction, readContactAnswer, writeContactCall } from '../../soap/contact-call.ts'
import type { Element, Inside } from '../../soap/xml.ts'
import { ClientError } from '../errors.ts'
import type { WebCall } from './call.ts'
import type { WebTokens } from './tokens.ts'

export interface ContactServiceOptions {
  /** The address book, `…/abservice.asmx`. */
  readonly contacts: string
  readonly tokens: WebTokens
  readonly call: WebCall
}

/** Where in the program of a client a call belongs; servers take any. */
export type Scenario = 'Initial' | 'ContactSave' | 'BlockUnblock' | 'GroupSave'

/** An operation of one of the two services. */
export interface Operation {
  readonly service: 'book' | 'sharing'
  readonly name: string
  readonly scenario: Scenario
  readonly inside: Inside
}

/** The service says no, and why. */
export class ContactFaultError extends ClientError {
  readonly fault: ContactFault

  constructor(operation: string, fault: ContactFault) {
    super(
      strangers.has(fault.code) ? 'no-such-contact' : 'server-error',
      `the contact service answered ${operation} with a fault`,
    )
    this.fault = fault
  }
}

/** There is no account of that address. */
const strangers: ReadonlySet<string> = new Set(['InvalidPassportUser', 'UserDoesNotExist', 'BadEmailArgument'])
/** A thousand contacts and more, in bytes. */
const longestAnswer = 8 * 1024 * 1024

export class ContactService {
  readonly #options: ContactServiceOptions
  readonly #places: Readonly<Record<Operation['service'], string>>
  #cacheKey: string | undefined

  constructor(options: ContactServiceOptions) {
    this.#options = options
    this.#places = { book: options.contacts, sharing: new URL('SharingService.asmx', options.contacts).href }
  }

  /** The document of the answer. Rejects with a ContactFaultError, or another ClientError. */
  async ask(operation: Operation): Promise<Element> {
    const { tokens, call } = this.#options
    const { name, scenario, service, inside } = operation
    const answer = await tokens.use('contacts.msn.com', async (ticket) => {
      const body = writeContactCall({ operation: name, scenario, ticket, cacheKey: this.#cacheKey }, inside)
      const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: contactAction(name) }
      const request = { method: 'POST', url: this.#places[service], headers, body: body.reveal(), follows: true } as const
      const { status, text } = await call({ ...request, reads: true, longest: longestAnswer })
      const read = readContactAnswer(text)
      if (!read) throw new ClientError('server-error', `the contact service gave no answer to ${name} (status ${status})`)
      return read.kind === 'stale' ? 'stale' : read
    })
    if (answer.kind === 'fault') throw new ContactFaultError(name, answer.fault)
    this.#cacheKey = answer.cacheKey ?? this.#cacheKey
    return answer.answer
  }
}
