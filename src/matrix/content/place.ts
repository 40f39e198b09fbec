// A place on a map, as one line (m.location, MSC3488).

import { z } from 'zod'
import type { Text } from '../../core/content.ts'
import { plainText } from '../../core/content.ts'
import { say } from '../../core/words.ts'
import { cleanText } from '../style.ts'

const longestName = 200

const text = z.string().optional().catch(undefined)
const extended = z.object({ uri: text, description: text }).optional().catch(undefined)
const fields = z.object({ body: text, geo_uri: text, 'm.location': extended, 'org.matrix.msc3488.location': extended })

/** Reads a place; undefined where it says nowhere. */
export function readPlace(content: unknown): Text | undefined {
  const { body, geo_uri: geoUri, ...more } = fields.parse(content)
  const { uri, description } = more['m.location'] ?? more['org.matrix.msc3488.location'] ?? {}
  const point = pointOf(geoUri ?? uri ?? '')
  if (!point) return undefined
  const [latitude, longitude] = point
  const link = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
  const name = oneLine(description ?? (body?.includes('geo:') ? '' : (body ?? '')))
  return plainText(say({ key: 'matrix.place', params: { name: name === '' ? `${latitude}, ${longitude}` : name, link } }))
}

/** The latitude and longitude of a `geo:` URI (RFC 5870), in degrees. */
function pointOf(uri: string): readonly [latitude: number, longitude: number] | undefined {
  const [, latitude, longitude] = /^geo:(-?\d{1,2}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)(?:[,;]|$)/.exec(uri) ?? []
  const point = [Number(latitude), Number(longitude)] as const
  return Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180 ? point : undefined
}

function oneLine(name: string): string {
  return [...cleanText(name).replace(/\s+/g, ' ').trim()].slice(0, longestName).join('')
}
