import { expect, test } from 'vitest'
import { answerFor, newAnswer, oldAnswer, productKey } from '../../../src/msn/model/challenge.ts'
import vectors from '../../vectors/challenge.json' with { type: 'json' }

const confirmed = vectors.vectors.filter((vector) => vector.confirmed)

test.each(confirmed)('$scheme: $challenge for $productId is answered as the source says', (vector) => {
  const { scheme, challenge, productId: id, productKey: key, expected } = vector
  expect(scheme === 'md5' ? oldAnswer(challenge, key) : newAnswer(challenge, { id, key })).toBe(expected)
})

test('the key of every product in the vectors is known', () => {
  for (const { productId, productKey: key } of confirmed) expect(productKey(productId)).toBe(key)
  expect(productKey('PROD0000')).toBeUndefined()
})

test('the algorithm changes with MSNP11', () => {
  const product = { id: 'PROD0090YUAUV{2B', key: 'YMM8C_H7KCQ2S_KL' }
  expect(answerFor(10, '1', product)).toBe(oldAnswer('1', product.key))
  expect(answerFor(11, '1', product)).toBe(newAnswer('1', product))
  expect(oldAnswer('1', product.key)).not.toBe(newAnswer('1', product))
})
