// How Matrix names a file (Matrix specification, client-server API 11.7.1; appendix 4.1 for the name of a server).

/** A file on some homeserver. */
export interface MxcUri {
  readonly server: string
  readonly id: string
}

// The first letter keeps dots alone out: "mxc://../.." would lead elsewhere on the homeserver.
const form = /^mxc:\/\/((?:[A-Za-z0-9][A-Za-z0-9.-]{0,229}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?)\/([A-Za-z0-9_-]{1,255})$/

/** Reads an mxc URI; undefined when it is none, or one that leads out of its place. */
export function readMxc(text: string): MxcUri | undefined {
  const [, server, id] = form.exec(text) ?? []
  return server === undefined || id === undefined ? undefined : { server, id }
}
