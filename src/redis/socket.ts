// Where the socket of our own Redis lies: in its data folder, or, when that path is too long for a socket, in a folder of ours
// under the temporary one. The place follows from the data folder alone, so that every tool finds it.

import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../core/errors.ts'
import { say } from '../core/words.ts'

/** sun_path of unix(7) holds 108 bytes, the last of which is zero. */
const longestPath = 107

/** The path of the socket for an absolute data folder; its folder exists afterwards and is closed to others. Throws a StartError. */
export async function socketFor(folder: string): Promise<string> {
  const beside = join(folder, 'redis.sock')
  if (Buffer.byteLength(beside) <= longestPath) return beside
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const elsewhere = join(tmpdir(), `nudge-${name}`)
  const socket = join(elsewhere, 'redis.sock')
  if (Buffer.byteLength(socket) > longestPath) throw new StartError(say({ key: 'redis.path-too-long', params: { folder } }))
  await mkdir(elsewhere, { mode: 0o700, recursive: true })
  // The temporary folder is open to everybody, so somebody else may have been there first.
  const found = await lstat(elsewhere)
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new StartError(say({ key: 'redis.folder-not-ours', params: { folder: elsewhere } }))
  return socket
}
