// The web server that carries the services and the pages of the MSN server, each of them a plugin. It is lenient where old clients need it
// (real-clients.md, "What a server must get right", 4): slashes may be doubled, letters of a path small or capital, and a proxy's whole URL is one, too.

import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fastify from 'fastify'
import type { Logger } from '../../../core/log.ts'
import { answer } from './answer.ts'

export interface SiteOptions {
  readonly plugins: readonly FastifyPluginAsync[]
  /** Addresses of proxies whose word on who asks, and how, is believed. */
  readonly trustedProxies?: readonly string[]
  readonly log: Logger
}

/** In bytes, for services that set no limit of their own. */
const longestBody = 64 * 1024
/** Milliseconds that a request may take to arrive. */
const patience = 30_000

/** Puts a site together; nothing is listened on. */
export function openSite({ plugins, trustedProxies = [], log }: SiteOptions): FastifyInstance {
  const site = fastify({
    logger: false,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: longestBody,
    requestTimeout: patience,
    routerOptions: { caseSensitive: false },
    rewriteUrl: ({ url = '/' }) => plainPath(url),
    frameworkErrors: (_error, _request, reply) => answer(reply, 400),
  })
  site.setNotFoundHandler((_request, reply) => answer(reply, 404))
  site.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const { statusCode: status = 500 } = error
    if (status >= 500) log.error({ err: error }, 'msn web: a request could not be answered')
    return answer(reply, status)
  })
  for (const plugin of plugins) void site.register(plugin)
  return site
}

/** The path and the query that are meant: without scheme and host, and with one slash where there are several. */
export function plainPath(url: string): string {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)(.*)$/is.exec(url) ?? []
  return `${path.replace(/^\/*|\/+/g, '/')}${query}`
}
