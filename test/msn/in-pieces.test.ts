import { expect, it } from 'vitest'
import { plainText } from '../../src/core/content.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import { Absent } from '../../src/core/errors.ts'
import { InPieces } from '../../src/msn/in-pieces.ts'

const long = plainText('wherefore art thou Romeo '.repeat(200))
const juliet = { network: 'msn' as never, id: 'juliet@example.com' }

/** A talk in which the contact leaves after so many pieces. */
function leavingAfter(count: number) {
  const said: Uint8Array[] = []
  return {
    said,
    async say(piece: Uint8Array): Promise<'said'> {
      if (said.length === count) throw new Error('217')
      said.push(piece)
      return 'said'
    },
    setback: (cause: unknown) =>
      new Absent(juliet, { key: 'delivery.contact-offline', params: { name: juliet.id } }, { cause: cause as Error }),
  }
}

it('who leaves in the middle of a text has its beginning, and later only the rest', async () => {
  const pieces = new InPieces()
  const id = 'd' as DeliveryId
  const whole = leavingAfter(Number.POSITIVE_INFINITY)
  await pieces.say('other' as DeliveryId, long, whole)
  const first = leavingAfter(2)
  await expect(pieces.say(id, long, first)).rejects.toMatchObject({ fate: 'wait', until: juliet, isBegun: true })
  const rest = leavingAfter(Number.POSITIVE_INFINITY)
  await pieces.say(id, long, rest)
  expect([...first.said, ...rest.said]).toEqual(whole.said)
  expect(whole.said.length).toBeGreaterThan(3)
})

it('who is not there at the beginning has nothing of it', async () => {
  const said = new InPieces().say('d' as DeliveryId, long, leavingAfter(0))
  await expect(said).rejects.toMatchObject({ fate: 'wait', isBegun: false })
})
