import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeBookChanged } from '../../../src/msn/dialect/book-notice.ts'
import {
  readHeardBeside,
  readNote,
  readSaidBeside,
  writeNoteFrom,
  writeNoteTaken,
  writeSaidBeside,
} from '../../../src/msn/dialect/notes.ts'
import { cidOf } from '../../../src/msn/model/member-id.ts'
import { findIn, parseXml, textOf } from '../../../src/msn/soap/xml.ts'
import { guid, handle } from './values.ts'

const command = (verb: string, ...args: string[]) => ({ verb, trId: 5, args, payload: Buffer.from('x') })

describe('UUN', () => {
  test('names somebody or one place of theirs, in any spelling', () => {
    fc.assert(
      fc.property(handle, guid, (who, place) => {
        expect(readNote(command('UUN', who, '3'))).toEqual({ handle: who, type: '3' })
        for (const text of [place, `{${place}}`, `{${place.toUpperCase()}}`])
          expect(readNote(command('UUN', `${who};${text}`, '4'))).toEqual({
            handle: who,
            endpoint: place.toLowerCase(),
            type: '4',
          })
      }),
    )
  })

  test('of another form is none', () => {
    for (const args of [
      [],
      ['romeo@example.com'],
      ['romeo@example.com', 'x'],
      ['romeo@example.com;nowhere', '1'],
      ['a', '123456'],
    ])
      expect(readNote(command('UUN', ...args))).toBeUndefined()
    fc.assert(fc.property(fc.array(fc.string()), (args) => void readNote(command('UUN', ...args))))
  })

  test('is answered, and passed on with the place of the sender from MSNP16 on', () => {
    expect(writeNoteTaken(5)).toEqual({ verb: 'UUN', trId: 5, args: ['OK'] })
    const sender = { handle: 'romeo@example.com', endpoint: '1be99e6d-1c6e-4bea-8b3e-9c464006a774' }
    const args = (dialect: number) => writeNoteFrom(dialect, sender, '3', Buffer.from('x')).args
    expect(args(15)).toEqual(['romeo@example.com', '3'])
    expect(args(16)).toEqual(['romeo@example.com;{1be99e6d-1c6e-4bea-8b3e-9c464006a774}', '3'])
    expect(writeNoteFrom(18, { handle: 'romeo@example.com' }, '3', Buffer.from('x')).args).toEqual(['romeo@example.com', '3'])
  })
})

describe('UUM', () => {
  test('names somebody, a network and a kind', () => {
    const read = readSaidBeside(command('UUM', 'romeo@example.com', '1', '1'))
    expect(read).toEqual({ handle: 'romeo@example.com', network: 1, type: '1' })
  })

  test('of another form is none', () => {
    for (const args of [[], ['romeo@example.com'], ['romeo@example.com', '1'], ['romeo@example.com', 'x', '1']])
      expect(readSaidBeside(command('UUM', ...args))).toBeUndefined()
    fc.assert(fc.property(fc.array(fc.string()), (args) => void readSaidBeside(command('UUM', ...args))))
  })
})

test('NOT says in its body, as escaped XML, which address book has changed and when', () => {
  fc.assert(
    fc.property(handle, (who) => {
      const { verb, args, payload } = writeBookChanged(who, Date.UTC(2006, 5, 11))
      expect([verb, args]).toEqual(['NOT', []])
      const root = parseXml(Buffer.from(payload ?? []).toString('utf8'))
      expect(findIn(root, 'TO')?.attributes['name']).toBe(who)
      expect(findIn(root, 'TO')?.attributes['pid']).toMatch(/^0x[0-9a-f]{8}:0x[0-9a-f]{8}$/)
      const said = parseXml(textOf(root, 'MSG', 'BODY') ?? '')
      expect(textOf(said, 'Service')).toBe('ABCHInternal')
      expect(textOf(said, 'CID')).toBe(cidOf(who))
      expect(textOf(said, 'LastModifiedDate')).toBe('2006-06-11T00:00:00.000Z')
    }),
  )
})

test('what is said past the boards is read as it was written, and from whom it comes in every form', () => {
  fc.assert(
    fc.property(handle, fc.nat(999), fc.constantFrom('1', '2', '3'), (who, network, type) => {
      const beside = { handle: who, network, type }
      expect(readSaidBeside(writeSaidBeside(5, beside, Buffer.from('x')))).toEqual(beside)
      expect(readHeardBeside(command('UBM', who, String(network), type))).toEqual(beside)
      expect(readHeardBeside(command('UBM', `${network}:${who}`, type))).toEqual(beside)
      const both = command('UBM', who, String(network), 'juliet@example.com', '1', type)
      expect(readHeardBeside(both)).toEqual({ ...beside, to: 'juliet@example.com' })
    }),
  )
  fc.assert(fc.property(fc.array(fc.string()), (args) => void readHeardBeside(command('UBM', ...args))))
})
