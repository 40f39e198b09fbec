// nudge registration: the file by which a homeserver knows us.

import { writeFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { ghostNetworksOf, readConfig } from '../config.ts'
import { ConfigError } from '../core/errors.ts'
import { say } from '../core/words.ts'
import type { MatrixConfig } from '../matrix/config.ts'
import { puppetRegistrationYaml, registrationYaml } from '../matrix/registration.ts'
import { tell } from './tell.ts'

interface Options {
  readonly config: string
  readonly output?: string
  /** The other file: by which the homeserver lends us the accounts of its users. */
  readonly puppets?: boolean
}

/** Writes the registration of a config with a Matrix side. Throws a ConfigError. */
export async function writeRegistration({ config: file, puppets = false, output = fileFor(puppets) }: Options): Promise<void> {
  const config = await readConfig(file)
  if (!config.matrix) throw new ConfigError(say({ key: 'registration.no-matrix', params: { file } }))
  const text = puppets ? puppetText(config.matrix, file) : registrationText(config.matrix, config, file)
  await writeFile(output, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(say({ key: 'registration.not-written', params: { output, reason: error.code ?? error.message } }))
  })
  tell(say({ key: puppets ? 'registration.puppets-done' : 'registration.done', params: { output } }))
}

function fileFor(puppets: boolean): string {
  return puppets ? 'registration-puppets.yaml' : 'registration.yaml'
}

function registrationText(matrix: MatrixConfig, config: Config, file: string): string {
  if (matrix.url === undefined && matrix.listen.port === 0)
    throw new ConfigError(say({ key: 'registration.no-port', params: { file } }))
  return registrationYaml(matrix, ghostNetworksOf(config))
}

function puppetText(matrix: MatrixConfig, file: string): string {
  if (!matrix.puppetToken) throw new ConfigError(say({ key: 'registration.no-puppets', params: { file } }))
  return puppetRegistrationYaml(matrix, matrix.puppetToken)
}
