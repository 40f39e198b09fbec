import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this clone. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** What set-up owns, besides node_modules. Safe to delete. */
export const tools = join(root, '.tools')

/** What the last installing commands printed. */
export const logFile = join(tools, 'setup.log')
