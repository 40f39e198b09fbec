// What kind of picture some bytes are. Clients say `png` of anything (msnp-services.md A17), so only the bytes count.

const kinds = [
  { type: 'image/gif', start: /^GIF8[79]a/ },
  { type: 'image/jpeg', start: /^\xff\xd8\xff/ },
  { type: 'image/png', start: /^\x89PNG\r\n\x1a\n/ },
  { type: 'image/bmp', start: /^BM.{12}/s },
] as const

export type PictureType = (typeof kinds)[number]['type']

/** Undefined for what no old client draws. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  return kinds.find((kind) => kind.start.test(start))?.type
}
