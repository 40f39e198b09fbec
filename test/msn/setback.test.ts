import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { say } from '../../src/core/words.ts'
import type { ClientErrorCode } from '../../src/msn/client/errors.ts'
import { ClientError } from '../../src/msn/client/errors.ts'
import { setbackOf } from '../../src/msn/setback.ts'

const network = networkId('verona')
const romeo = { network, id: 'romeo@example.com' }
const juliet = { network, id: 'juliet@example.com' }

describe('what a failure of the client means', () => {
  it.each<[ClientErrorCode, object]>([
    ['contact-offline', { fate: 'wait', until: juliet }],
    ['not-signed-in', { fate: 'wait', until: romeo }],
    ['refused', { fate: 'wait', until: romeo }],
    ['no-common-dialect', { fate: 'wait', until: romeo }],
    ['no-such-contact', { fate: 'fail' }],
    ['not-delivered', { fate: 'fail' }],
    ['throttled', { fate: 'retry', retryAfter: 8_000 }],
    ['connection-lost', { fate: 'retry', retryAfter: undefined }],
    ['server-error', { fate: 'retry', retryAfter: undefined }],
  ])('%s', (code, expected) => {
    const setback = setbackOf(new ClientError(code, 'the server said so'), romeo, juliet)
    expect(setback).toMatchObject(expected)
    expect(say(setback.phrase)).not.toMatch(/[{}]|the server said so/)
  })

  it('is nothing where it was no failure of the client but a mistake of ours', () => {
    const mistake = new TypeError('oops')
    expect(() => setbackOf(mistake, romeo, juliet)).toThrow(mistake)
  })
})
