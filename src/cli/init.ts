// nudge init: writes a file of settings with fresh tokens.

import { writeFile } from 'node:fs/promises'
import { parseConfig } from '../config.ts'
import type { Settings } from '../config-text.ts'
import { configText } from '../config-text.ts'
import { ConfigError } from '../core/errors.ts'
import { say } from '../core/words.ts'
import { newToken } from '../matrix/registration.ts'
import { tell } from './tell.ts'

interface Options {
  readonly config: string
  readonly homeserver?: string
  readonly domain?: string
  readonly msnDomain?: string
  /** Whether a token is made by which the homeserver lends us the accounts of its users. */
  readonly puppets?: boolean
}

/** Writes the settings; never over a file that is there. Throws a ConfigError. */
export async function init({ config: file, ...wanted }: Options): Promise<void> {
  const text = configText(settingsFor(wanted), say({ key: 'init.heading', params: { form: '${NAME}' } }))
  parseConfig(text, file)
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new ConfigError(say({ key: 'init.exists', params: { file } }))
    throw new ConfigError(say({ key: 'init.not-written', params: { file, reason: error.code ?? error.message } }))
  })
  tell(say({ key: 'init.done', params: { file } }))
}

function settingsFor({ homeserver, domain, msnDomain, puppets }: Omit<Options, 'config'>): Settings {
  const wantsMatrix = homeserver !== undefined || domain !== undefined || msnDomain === undefined
  const matrix = {
    homeserver: homeserver ?? 'http://127.0.0.1:8008',
    domain: domain ?? 'example.org',
    asToken: newToken(),
    hsToken: newToken(),
    ...(puppets && { puppetToken: newToken() }),
  }
  return { ...(wantsMatrix && { matrix }), msn: { domain: msnDomain ?? `msn.${hostOf(matrix.domain)}` } }
}

/** The name of a homeserver may have a port and capital letters; that of an MSN server has neither. */
function hostOf(domain: string): string {
  return domain.replace(/:\d+$/, '').toLowerCase()
}
