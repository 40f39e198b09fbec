// A wire to an MSN server.

import { connect } from 'node:net'
import type { Dial } from './network.ts'

/** How long a server may take to answer the call, in milliseconds. */
const patience = 20_000

/** Dials over TCP. Rejects when nobody answers in time. */
export const dialTcp: Dial = ({ host, port }) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, timeout: patience })
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.once('error', fail)
    socket.once('timeout', () => fail(new Error(`${host}:${port} does not answer`)))
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', fail)
      socket.removeAllListeners('timeout')
      resolve(socket)
    })
  })
