// The port of a client in its profile (msnp-core.md 3.8).

/** A port as the official servers wrote it, its two bytes swapped: 1863 is 18183. The same turns it back. */
export function swapPort(port: number): number {
  return ((port & 0xff) << 8) | ((port >> 8) & 0xff)
}
