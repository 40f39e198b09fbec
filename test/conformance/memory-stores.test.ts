import { describe } from 'vitest'
import { memoryStores } from '../support/memory-stores.ts'
import { storesConformance } from './stores.ts'

describe('the stores in memory', () => {
  storesConformance(async () => {
    let now = 0
    return {
      stores: memoryStores(() => now),
      pass: async (seconds) => {
        now += seconds * 1000
      },
    }
  })
})
