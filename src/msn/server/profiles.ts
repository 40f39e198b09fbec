// What roams with somebody besides their lists: personal message and display picture, as clients of MSNP15 and later keep them on the server
// (msnp-services.md A17). The display name is in the book, where every other door finds it.

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Records } from '../../core/stores.ts'
import { type PictureType, pictureTypeOf } from '../model/picture-type.ts'
import type { Handle } from './handle.ts'

const profileNoun = 'profiles'
/** The bytes of pictures, by the secret in their address. */
const pictureNoun = 'pictures'

/** In bytes. */
export const largestPicture = 64 * 1024
/** Somebody's older pictures are forgotten, but for the one that is shown. */
const mostPictures = 8
/** The official servers began to count here. */
const firstNumber = 205
/** In characters. */
const longestName = 129
const longestStatus = 500

const profileRecord = z.strictObject({
  status: z.string().optional(),
  statusAt: z.number(),
  changedAt: z.number(),
  next: z.int(),
  /** The number of the picture that is shown. */
  shown: z.int().optional(),
  pictures: z.array(z.strictObject({ number: z.int(), secret: z.string(), name: z.string(), size: z.int(), at: z.number() })),
})

const pictureRecord = z.strictObject({ data: z.base64() })

export type Profile = z.infer<typeof profileRecord>
export type StoredPicture = Profile['pictures'][number]

const emptyProfile: Profile = { statusAt: 0, changedAt: 0, next: firstNumber, pictures: [] }

export class Profiles {
  readonly #records: Records
  readonly #clock: Clock
  readonly #pictured: (handle: Handle) => void

  /** `pictured` is told who shows another picture now, or none any more. */
  constructor(records: Records, clock: Clock, pictured: (handle: Handle) => void = () => {}) {
    this.#records = records
    this.#clock = clock
    this.#pictured = pictured
  }

  async of(handle: Handle): Promise<Profile> {
    return read(await this.#records.get(profileNoun, handle))
  }

  /** Another personal message; undefined clears it. */
  async setStatus(handle: Handle, status: string | undefined): Promise<void> {
    await this.#change(handle, ({ status: _, ...profile }, now) => ({
      ...profile,
      ...(status && { status: status.slice(0, longestStatus) }),
      statusAt: now,
    }))
  }

  /** Keeps a picture; gives its number. Undefined when it is too large or no picture. */
  async addPicture(handle: Handle, name: string, bytes: Uint8Array): Promise<number | undefined> {
    if (!isPicture(bytes)) return undefined
    const secret = await this.#keep(bytes)
    let number = 0
    await this.#change(handle, (profile, now) => {
      number = profile.next
      const added = { number, secret, name: name.slice(0, longestName), size: bytes.length, at: now }
      return { ...profile, next: number + 1, pictures: bounded([...profile.pictures, added], profile.shown) }
    })
    return number
  }

  /** Other bytes for a picture, at another address. False when there is none of this number, or the bytes are too large or no picture. */
  async replacePicture(handle: Handle, number: number, bytes: Uint8Array): Promise<boolean> {
    if (!isPicture(bytes) || !(await this.of(handle)).pictures.some((picture) => picture.number === number)) return false
    const secret = await this.#keep(bytes)
    const replaced = (picture: StoredPicture) =>
      picture.number === number ? { ...picture, secret, size: bytes.length, at: this.#clock() } : picture
    const after = await this.#change(handle, (profile) => ({ ...profile, pictures: profile.pictures.map(replaced) }))
    const isThere = after.pictures.some((picture) => picture.secret === secret)
    if (!isThere) await this.#forget(secret)
    return isThere
  }

  /** Shows a picture to others; undefined shows none. One that is not there is not shown. */
  async show(handle: Handle, number: number | undefined): Promise<void> {
    await this.#change(handle, ({ shown: _, ...profile }) => {
      const isThere = profile.pictures.some((picture) => picture.number === number)
      return number !== undefined && isThere ? { ...profile, shown: number } : profile
    })
  }

  /** Forgets a picture. */
  async removePicture(handle: Handle, number: number): Promise<void> {
    await this.#change(handle, ({ shown, ...profile }) => ({
      ...profile,
      ...(shown !== undefined && shown !== number && { shown }),
      pictures: profile.pictures.filter((picture) => picture.number !== number),
    }))
  }

  /** The secret address of the picture that somebody shows; another picture has another. */
  async shownBy(handle: Handle): Promise<string | undefined> {
    return shownIn(await this.of(handle))
  }

  /** The bytes of the picture at a secret address, and what they are. */
  async pictureAt(secret: string): Promise<{ readonly bytes: Buffer; readonly type: PictureType } | undefined> {
    const record = pictureRecord.safeParse(await this.#records.get(pictureNoun, secret))
    const bytes = record.success ? Buffer.from(record.data.data, 'base64') : undefined
    const type = bytes && pictureTypeOf(bytes)
    return type && { bytes, type }
  }

  /** Forgets everything, because the account is gone. */
  async remove(handle: Handle): Promise<void> {
    const { pictures } = await this.of(handle)
    await this.#records.update(profileNoun, handle, () => undefined)
    for (const { secret } of pictures) await this.#forget(secret)
    this.#pictured(handle)
  }

  async #keep(bytes: Uint8Array): Promise<string> {
    const secret = randomBytes(24).toString('base64url')
    await this.#records.update(pictureNoun, secret, () => ({ data: Buffer.from(bytes).toString('base64') }))
    return secret
  }

  async #forget(secret: string): Promise<void> {
    await this.#records.update(pictureNoun, secret, () => undefined)
  }

  /** Changes a profile in one step; the bytes that nothing leads to any more are forgotten. */
  async #change(handle: Handle, change: (profile: Profile, now: number) => Profile): Promise<Profile> {
    const now = this.#clock()
    let before = emptyProfile
    const record = await this.#records.update(profileNoun, handle, (current) => {
      before = read(current)
      return { ...change(before, now), changedAt: now }
    })
    const after = read(record)
    const kept = new Set(after.pictures.map((picture) => picture.secret))
    for (const { secret } of before.pictures) if (!kept.has(secret)) await this.#forget(secret)
    if (shownIn(before) !== shownIn(after)) this.#pictured(handle)
    return after
  }
}

function shownIn({ pictures, shown }: Profile): string | undefined {
  return pictures.find(({ number }) => number === shown)?.secret
}

function isPicture(bytes: Uint8Array): boolean {
  return bytes.length <= largestPicture && pictureTypeOf(bytes) !== undefined
}

function bounded(pictures: readonly StoredPicture[], shown: number | undefined): StoredPicture[] {
  const extra = pictures.length - mostPictures
  const dropped = pictures.filter((picture) => picture.number !== shown).slice(0, Math.max(0, extra))
  return pictures.filter((picture) => !dropped.includes(picture))
}

function read(record: unknown): Profile {
  return record === undefined ? emptyProfile : profileRecord.parse(record)
}
