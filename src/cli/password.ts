// Asks for a password: hidden on a terminal, the first line of standard input otherwise.

import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StartError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { say } from '../core/words.ts'

/** The password that the operator types or pipes in. Throws a StartError when it is empty. */
export async function askPassword(address: string): Promise<Secret> {
  const hidden = process.stdin.isTTY === true
  if (hidden) process.stderr.write(say({ key: 'account.ask-password', params: { address } }))
  const lines = createInterface({ input: process.stdin, output: nowhere(), terminal: hidden })
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve)
    lines.once('close', () => resolve(''))
  })
  lines.close()
  if (hidden) process.stderr.write('\n')
  if (line === '') throw new StartError(say({ key: 'account.empty-password' }))
  return new Secret(line)
}

/** Where the echo of a typed password goes. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
