// Pictures, sounds, films, files and stickers.

import { z } from 'zod'
import type { Media } from '../../core/content.ts'
import type { Phrase } from '../../core/words.ts'
import type { MessageContent } from '../events.ts'
import { fileName } from '../media/file-name.ts'
import { readMxc } from '../media/uri.ts'
import { isTooLong, runsOf } from './words.ts'

const kinds = new Map<string, Media['what']>([
  ['m.image', 'image'],
  ['m.video', 'video'],
  ['m.audio', 'audio'],
  ['m.file', 'file'],
])

const fields = z.object({
  filename: z.string().optional().catch(undefined),
  url: z.string().optional().catch(undefined),
  file: z.unknown().optional(),
  info: z
    .object({
      mimetype: z
        .string()
        .regex(/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/)
        .optional()
        .catch(undefined),
      size: z.number().int().nonnegative().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  // How Element marks what was spoken (MSC3245).
  'org.matrix.msc3245.voice': z.unknown().optional(),
  'm.voice': z.unknown().optional(),
})

/** Whether a message of this type is a file. */
export function isAttachment(msgtype: string): boolean {
  return kinds.has(msgtype)
}

/** Reads a file, without a link to it; or a phrase that says why it cannot be carried on. */
export function readAttachment(message: MessageContent, content: unknown): Media | Phrase {
  const { filename, url, file, info, ...more } = fields.safeParse(content).data ?? {}
  if (file !== undefined) return { key: 'matrix.encrypted-message' }
  if (url === undefined || !readMxc(url)) return { key: 'matrix.no-file' }
  if (isTooLong(message)) return { key: 'matrix.too-long' }
  // Where there is no file name, the body is one (client-server API 11.3.3).
  const caption = filename === undefined || filename === message.body ? [] : runsOf(message)
  const isSpoken = more['org.matrix.msc3245.voice'] !== undefined || more['m.voice'] !== undefined
  return {
    kind: 'media',
    what: isSpoken && message.msgtype === 'm.audio' ? 'voice' : (kinds.get(message.msgtype) ?? 'sticker'),
    name: fileName(filename ?? message.body),
    ...(info?.mimetype !== undefined && { type: info.mimetype }),
    ...(info?.size !== undefined && { size: info.size }),
    ref: url,
    ...(caption.length > 0 && { caption }),
  }
}
