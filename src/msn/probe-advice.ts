// From what a server was found to speak to the settings with which users can link accounts on it.

import type { Place } from './client/dialler.ts'
import type { WebPlaces } from './client/web/services.ts'
import type { LinkedConfig } from './config.ts'
import type { Finding } from './probe.ts'
import type { Dialect } from './wire/dialect.ts'

/** The settings for a server; absent when there is no dialect that we could sign in with. What they do not need is left out. */
export function adviceFor(server: Place, findings: readonly Finding[], web: WebPlaces): LinkedConfig | undefined {
  const dialects = dialectsFor(spokenIn(findings), web)
  if (dialects.length === 0) return undefined
  const { nexus, rst, contacts, offlineRead, offlineSend } = web
  const modern = dialects.some((dialect) => dialect >= 13)
  const ticketed = dialects.some((dialect) => dialect >= 8 && dialect <= 14)
  return {
    ...server,
    ...(ticketed && nexus && { nexus }),
    ...((modern || ticketed) && rst && { rst, ...(offlineRead && { offlineRead }), ...(offlineSend && { offlineSend }) }),
    ...(modern && contacts && { contacts }),
    dialects,
  }
}

/** A dialect that lets nobody we know in, or sends us on, is a dialect all the same. */
export function spokenIn(findings: readonly Finding[]): Dialect[] {
  return findings
    .filter(({ kind }) => kind !== 'unspoken' && kind !== 'silent')
    .map(({ dialect }) => dialect)
    .sort((a, b) => b - a)
}

/** The newest that needs the web services, where they are; those that need a ticket alone; and MD5 where there is nothing else. */
function dialectsFor(spoken: readonly Dialect[], { nexus, rst, contacts }: WebPlaces): Dialect[] {
  const modern = rst && contacts ? spoken.filter((dialect) => dialect >= 13).slice(0, 1) : []
  const ticketed = nexus || rst ? spoken.filter((dialect) => dialect >= 8 && dialect <= 12) : []
  const found = [...modern, ...ticketed]
  return found.length > 0 ? found : spoken.filter((dialect) => dialect < 8)
}

/** A name for a network in the settings: the most telling part of its host. */
export function networkNameFor(host: string): string {
  const label = /^[\d.]+$|:/.test(host) ? '' : (host.split('.').at(-2) ?? host)
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^\d+/, '')
    .slice(0, 16)
  return name === '' || name === 'matrix' || name === 'msn' ? 'network' : name
}
