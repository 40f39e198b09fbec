// A message that waits for somebody who was not there: what the official services called OIM (msnp-services.md A16).

/** One message. The name and the text are as they were written: unescaped, of any length that the server took. */
export interface OfflineMessage {
  /** A GUID in capitals, without braces. */
  readonly id: string
  /** The e-mail address of the sender. */
  readonly from: string
  /** The friendly name that the sender had then. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** The conversation that it belongs to, as the sender's client counts them: a GUID without braces. Absent where the client says none. */
  readonly runId?: string
  /** Its place in that conversation, from 1 on. */
  readonly sequence: number
  readonly text: string
}

/** In bytes of UTF-8: longer text is not taken. The official services took about 3 KB. */
export const longestOfflineText = 8 * 1024

/** The order in which messages are read: by time, then as their sender counted them. */
export function inOrder(a: OfflineMessage, b: OfflineMessage): number {
  return a.receivedAt - b.receivedAt || a.sequence - b.sequence
}
