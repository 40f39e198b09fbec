// The server behind the links: gives a file to whoever has one. Plain HTTP, as clients and browsers of 2001 speak it; HTTPS is for a proxy in front.

import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Phrase } from '../../core/words.ts'
import { say } from '../../core/words.ts'
import type { MediaConfig } from './config.ts'
import type { Files, NoFile } from './files.ts'
import type { MediaLinks, SharedMedia } from './links.ts'
import { headersFor } from './looks.ts'
import { Tally } from './tally.ts'
import { readMxc } from './uri.ts'

/** How often one address, and one link, may be asked for in a minute. */
const mostByAddress = 120
const mostOfLink = 60
/** So many files are under way at a time, in all and to one address. */
const mostUnderWay = 64
const mostToAddress = 8
/** How long a visitor may take to ask, and to take the next bytes, in milliseconds. */
const patience = 30_000
const idle = 120_000

interface Options {
  readonly config: MediaConfig
  readonly links: Pick<MediaLinks, 'find'>
  readonly files: Pick<Files, 'open'>
  /** Whether the message with which a file was sent still stands in its room. Rejects when that cannot be found out now. */
  stands(media: SharedMedia): Promise<boolean>
  readonly clock: Clock
  readonly log: Logger
}

const refusals: Readonly<Record<NoFile | 'too-often', readonly [status: number, phrase: Phrase]>> = {
  gone: [404, { key: 'file.gone' }],
  'too-large': [413, { key: 'file.too-large' }],
  'too-often': [429, { key: 'file.too-often' }],
  unreachable: [502, { key: 'file.unreachable' }],
}

/** The server of the links. It does not listen yet. */
export function makeMediaSite({ config, links, files, stands, clock, log }: Options): FastifyInstance {
  const byAddress = new Tally(mostByAddress, clock)
  const ofLink = new Tally(mostOfLink, clock)
  const underWay = new Map<string, number>()
  const site = fastify({
    logger: false,
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    requestTimeout: patience,
    connectionTimeout: idle,
    bodyLimit: 1024,
    exposeHeadRoutes: false,
    frameworkErrors: (_error, _request, reply) => refuse(reply, 'gone'),
  })
  site.setNotFoundHandler((_request, reply) => refuse(reply, 'gone'))
  site.setErrorHandler((error, _request, reply) => {
    log.warn({ err: error }, 'a file could not be given')
    return refuse(reply, 'unreachable')
  })

  /** What a link leads to, or why it leads nowhere. */
  async function find({ token }: Visit): Promise<SharedMedia | NoFile> {
    const media = await links.find(token)
    if (!media) return 'gone'
    return (await stands(media)) ? media : 'gone'
  }

  async function give(request: FastifyRequest<{ Params: Visit }>, reply: FastifyReply): Promise<FastifyReply> {
    const { ip, params } = request
    if (byAddress.isTooMuch(ip) || ofLink.isTooMuch(params.token)) return refuse(reply, 'too-often')
    const place = takePlace(underWay, ip)
    if (!place) return refuse(reply, 'too-often')
    reply.raw.once('close', place.leave)
    const media = await find(params)
    const uri = typeof media === 'string' ? undefined : readMxc(media.ref)
    if (typeof media === 'string' || !uri) return refuse(reply, typeof media === 'string' ? media : 'gone')
    const file = await files.open(uri)
    if (typeof file === 'string') return refuse(reply, file)
    reply.headers(headersFor(media.name, file.type))
    if (file.size !== undefined) reply.header('content-length', file.size)
    if (request.method === 'HEAD') {
      file.close()
      return reply.send()
    }
    reply.raw.once('close', file.close)
    return reply.send(Readable.from(file.bytes, { objectMode: false }))
  }

  // The name behind the token is for people.
  for (const url of ['/m/:token', '/m/:token/:name'])
    site.route<{ Params: Visit }>({ method: ['GET', 'HEAD'], url, handler: give })
  return site
}

interface Visit {
  readonly token: string
}

function refuse(reply: FastifyReply, why: keyof typeof refusals): FastifyReply {
  const [status, phrase] = refusals[why]
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send(`${say(phrase)}\r\n`)
}

/** A place among those to whom files are under way; undefined when all are taken. */
function takePlace(underWay: Map<string, number>, address: string): { leave(): void } | undefined {
  const count = underWay.get(address) ?? 0
  const all = [...underWay.values()].reduce((sum, each) => sum + each, 0)
  if (count >= mostToAddress || all >= mostUnderWay) return undefined
  underWay.set(address, count + 1)
  const leave = () => {
    const left = (underWay.get(address) ?? 1) - 1
    if (left > 0) underWay.set(address, left)
    else underWay.delete(address)
  }
  return { leave }
}
