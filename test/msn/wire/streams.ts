// The streams of a recording, each with who speaks and in which dialect.

import type { Speaker } from '../../../src/msn/wire/command.ts'
import { parseDialect } from '../../../src/msn/wire/dialect.ts'
import { readPcap } from '../../support/pcap.ts'

export interface Stream {
  readonly from: Speaker
  /** What VER agreed on; unknown on a switchboard, and where the recording was started late. */
  readonly dialect: number | undefined
  readonly bytes: Buffer
}

const notificationPort = 1863
const switchboardPort = 1864

/** Both directions of every connection in a recording. */
export function streamsOf(file: URL): Stream[] {
  return readPcap(file, [notificationPort, switchboardPort]).flatMap(({ fromClient, fromServer }): Stream[] => {
    const agreed = /^VER \d+ (MSNP\d+)\r\n/.exec(fromServer.toString('latin1'))?.[1]
    const dialect = agreed === undefined ? undefined : parseDialect(agreed)
    return [
      { from: 'client', dialect, bytes: fromClient },
      { from: 'server', dialect, bytes: fromServer },
    ]
  })
}
