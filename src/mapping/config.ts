// What can be set about what is kept.

import { z } from 'zod'
import { Secret } from '../core/secret.ts'

export const storageConfig = z.strictObject({
  key: z
    .string()
    .transform((text) => new Secret(text))
    .optional()
    .describe(
      'The key that passwords are sealed with: 32 bytes in base64 (openssl rand -base64 32). Without it keyFile is used.',
    ),
  keyFile: z
    .string()
    .min(1)
    .default('data/key')
    .describe('The file of that key; made at the first start. Keep a copy: without it the passwords in Redis are lost.'),
})

export type StorageConfig = z.infer<typeof storageConfig>
