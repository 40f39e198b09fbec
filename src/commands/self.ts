// version, ping, privacy: what the gateway tells of itself.

import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Command } from './command.ts'
import { logins } from './status.ts'

export const version: Command = {
  run: async (_, { version }) => ({ say: [{ key: 'version', params: { version, node: process.version } }] }),
}

export const ping: Command = {
  async run(ask, desk) {
    const homes = (await desk.ping()).map(
      ({ network, took }): Phrase =>
        took === undefined
          ? { key: 'ping.silent', params: { network } }
          : { key: 'ping.answered', params: { network, took: Math.round(took) } },
    )
    return { say: [...homes, ...(await logins.run(ask, desk)).say] }
  },
}

export const privacy: Command = {
  async run({ user }) {
    const parts = (['privacy.kept', 'privacy.sealed', 'privacy.queued', 'privacy.readers', 'privacy.removal'] as const).map(
      (key) => say({ key }, user.locale),
    )
    return { say: [{ key: 'privacy', params: { parts: parts.join('\n') } }] }
  },
}
