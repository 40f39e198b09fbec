// Moments as the contact services write them (msnp-services.md A8).

/** A moment that never was. */
export const never = '0001-01-01T00:00:00'
/** From when on changes are wanted, in a request for all there is: as clients write it. */
export const sinceEver = `${never}.0000000-08:00`

/** UTC with seven digits behind the point, as .NET has them. `milliseconds` are since 1970. */
export function writeMoment(milliseconds: number): string {
  return milliseconds <= 0 ? never : new Date(milliseconds).toISOString().replace('Z', '0000Z')
}

/** Milliseconds since 1970; 0 for a moment that never was or cannot be read. */
export function readMoment(text: string | undefined): number {
  const moment = Date.parse((text ?? '').replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(moment) || moment < 0 ? 0 : moment
}
