// login-matrix token, logout-matrix: the user lends us their account at home, and takes it back.

import { Secret } from '../core/secret.ts'
import type { Command } from './command.ts'
import { takeOutQuietly } from './secret.ts'

export const loginMatrix: Command = {
  async run(ask, desk) {
    const token = ask.text.trim()
    if (token === '') return { say: [{ key: 'puppet.which-token' }], next: {} }
    const isLent = await desk.lend(ask.user, new Secret(token), ask.cause)
    const gone = await takeOutQuietly(ask)
    return { say: [...gone, { key: isLent ? 'puppet.asking' : 'puppet.not-here' }] }
  },
}

export const logoutMatrix: Command = {
  async run({ user }, desk) {
    return { say: [{ key: (await desk.takeBack(user)) ? 'puppet.taken-back' : 'puppet.none' }] }
  },
}
