// Reads recordings (pcap, little-endian, Ethernet, IPv4, TCP) as the two byte streams of each connection.

import { readFileSync } from 'node:fs'

export interface Recorded {
  /** Port of the listening side. */
  readonly port: number
  readonly fromClient: Buffer
  readonly fromServer: Buffer
}

interface Segment {
  readonly source: string
  readonly target: string
  readonly sequence: number
  readonly opens: boolean
  readonly data: Buffer
}

const synFlag = 0x02

/** The connections to these ports, in the order in which they were opened. */
export function readPcap(file: URL, ports: readonly number[]): Recorded[] {
  const flows = new Map<string, Segment[]>()
  for (const segment of segmentsOf(readFileSync(file))) {
    const key = `${segment.source}>${segment.target}`
    const flow = flows.get(key)
    if (flow) flow.push(segment)
    else flows.set(key, [segment])
  }
  const recorded: Recorded[] = []
  for (const [key, flow] of flows) {
    const [source = '', target = ''] = key.split('>')
    const port = Number(target.split(':')[1])
    if (!ports.includes(port)) continue
    recorded.push({ port, fromClient: reassemble(flow), fromServer: reassemble(flows.get(`${target}>${source}`) ?? []) })
  }
  return recorded
}

function* segmentsOf(file: Buffer): Generator<Segment> {
  if (file.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('not a little-endian pcap file')
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8)
    const segment = segmentOf(file.subarray(at + 16, at + 16 + length))
    if (segment) yield segment
    at += 16 + length
  }
}

function segmentOf(frame: Buffer): Segment | undefined {
  const ip = frame.subarray(14)
  if (frame.readUInt16BE(12) !== 0x0800 || ip.readUInt8(9) !== 6) return undefined
  const tcp = ip.subarray((ip.readUInt8(0) & 15) * 4, ip.readUInt16BE(2))
  return {
    source: `${ip.subarray(12, 16).join('.')}:${tcp.readUInt16BE(0)}`,
    target: `${ip.subarray(16, 20).join('.')}:${tcp.readUInt16BE(2)}`,
    sequence: tcp.readUInt32BE(4),
    opens: (tcp.readUInt8(13) & synFlag) !== 0,
    data: tcp.subarray((tcp.readUInt8(12) >> 4) * 4),
  }
}

/**
 * Joins the segments of one direction by sequence number; what was sent again is taken once, a gap is an error. A recording
 * that was started late begins with its first segment.
 */
function reassemble(flow: readonly Segment[]): Buffer {
  const first = flow[0]
  if (!first) return Buffer.alloc(0)
  const start = first.opens ? first.sequence + 1 : first.sequence
  const pieces = flow
    .filter((segment) => segment.data.length > 0)
    .map(({ sequence, data }) => ({ at: (sequence - start) >>> 0, data }))
    .sort((one, other) => one.at - other.at)
  const joined: Buffer[] = []
  let length = 0
  for (const { at, data } of pieces) {
    if (at > length) throw new Error(`a gap of ${at - length} bytes in a recording`)
    const fresh = data.subarray(Math.min(data.length, length - at))
    joined.push(fresh)
    length += fresh.length
  }
  return Buffer.concat(joined)
}
