// HTTP as it stands on the wire, because old clients look at the case of header names and send what `fetch` would not.

import { connect } from 'node:net'

/** Sends bytes to a port of loopback and gives all that comes back. The request should say `Connection: close`. */
export async function ask(port: number, request: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write(request)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}
