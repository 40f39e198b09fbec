// Every service and page that the web server carries, a line each.

import type { X509Certificate } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { Invites } from '../invites.ts'
import type { MsnServer } from '../server.ts'
import { clientConfig } from './client-config.ts'
import { contactServices } from './contacts.ts'
import { httpGateway } from './gateway.ts'
import { oddServices } from './odd-services.ts'
import { offlineServices } from './offline.ts'
import { pages } from './pages/pages.ts'
import type { Place } from './pages/place.ts'
import type { Registration } from './pages/register.ts'
import { passportHttp } from './passport.ts'
import { storageService } from './storage.ts'

export interface WebParts {
  readonly server: MsnServer
  readonly invites: Invites
  readonly registration: Registration
  /** Public address of the sign-in page; absent: where it is asked. */
  readonly loginUrl?: string | undefined
  /** Where clients find this server. */
  place(): Place
  /** The certificate of our own authority, if there is one. */
  authority(): Promise<X509Certificate | undefined>
}

/** What there is on the web for the people and the clients of a server. */
export function webPlugins({ server, loginUrl, ...more }: WebParts): readonly FastifyPluginAsync[] {
  const { services } = server
  return [
    passportHttp({ ...services, loginUrl }),
    contactServices(services),
    offlineServices(services),
    storageService(services),
    clientConfig(),
    oddServices(services),
    httpGateway({ timers: services.timers, carry: (role, carrier) => server.carry(role, carrier) }),
    pages({ ...services, ...more, tries: services.signInTries }),
  ]
}
