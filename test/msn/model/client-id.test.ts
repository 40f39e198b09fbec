import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clientCan,
  clientFlag,
  clientVersion,
  longClientId,
  readClientId,
  shortClientId,
} from '../../../src/msn/model/client-id.ts'
import vectors from '../../vectors/presence.json' with { type: 'json' }

/** The names of the vectors, as ours. */
const ourNames: Readonly<Record<string, keyof typeof clientFlag>> = {
  ink_gif: 'inkGif',
  ink_isf: 'inkIsf',
  webcam_detected: 'webcam',
  chunking: 'chunking',
  mobile_enabled: 'mobileEnabled',
  activities: 'activities',
  has_space: 'space',
  direct_im: 'directIm',
  winks: 'winks',
  shared_search: 'sharedSearch',
  bot: 'bot',
  voice_im: 'voiceClips',
  secure_channel: 'secureChannel',
  sip_invite: 'sipInvite',
  multiparty_media: 'multipartyMedia',
  shared_drive: 'sharedDrive',
  p2p_turn: 'p2pTurn',
  p2p_bootstrap_via_uun: 'p2pBootstrap',
}

test.each(vectors.capabilities.filter(({ confirmed }) => confirmed))('$raw is read as the source says', (vector) => {
  const id = readClientId(vector.raw)
  expect(id).toEqual({ flags: vector.base, ...('extended' in vector ? { extended: vector.extended } : {}) })
  if (!id) return
  expect(clientVersion(id)).toBe(vector.version_nibble)
  const can = Object.keys(clientFlag).filter((name) => clientCan(id, name as keyof typeof clientFlag))
  expect(can.sort()).toEqual(vector.flags.map((flag) => ourNames[flag]).sort())
})

test('what is written is read again; below MSNP16 only the first number', () => {
  const word = fc.integer({ min: 0, max: 0xffff_ffff })
  fc.assert(
    fc.property(word, word, (flags, extended) => {
      expect(readClientId(longClientId({ flags, extended }))).toEqual({ flags, extended })
      expect(readClientId(shortClientId({ flags, extended }))).toEqual({ flags })
      expect(longClientId({ flags })).toBe(`${flags}:0`)
    }),
  )
})

test.each(['', ':', '1:', ':1', '-1', '1.5', '4294967296', '1:4294967296', '1:2:3', 'NLN', ' 1'])(
  '"%s" is no client id',
  (text) => {
    expect(readClientId(text)).toBeUndefined()
  },
)
