// nudge registration: the file by which a homeserver knows us.

import { writeFile } from 'node:fs/promises'
import { ghostNetworksOf, readConfig } from '../config.ts'
import { ConfigError } from '../core/errors.ts'
import { say } from '../core/words.ts'
import { registrationYaml } from '../matrix/registration.ts'
import { tell } from './tell.ts'

/** Writes the registration of a config with a Matrix side. Throws a ConfigError. */
export async function writeRegistration({ config: file, output }: { config: string; output: string }): Promise<void> {
  const config = await readConfig(file)
  if (!config.matrix) throw new ConfigError(say({ key: 'registration.no-matrix', params: { file } }))
  if (config.matrix.url === undefined && config.matrix.listen.port === 0)
    throw new ConfigError(say({ key: 'registration.no-port', params: { file } }))
  const text = registrationYaml(config.matrix, ghostNetworksOf(config))
  await writeFile(output, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(say({ key: 'registration.not-written', params: { output, reason: error.code ?? error.message } }))
  })
  tell(say({ key: 'registration.done', params: { output } }))
}
