import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readAdd,
  readAdded,
  readAddGroup,
  readGroupAdded,
  readRemove,
  readRemoved,
  readRemoveGroup,
  readRenameGroup,
  writeAdd,
  writeAdded,
  writeAddGroup,
  writeGroupAdded,
  writeRemove,
  writeRemoved,
  writeRemoveGroup,
  writeRenameGroup,
} from '../../../src/msn/dialect/edits.ts'
import { readSync, writeRoster, writeSync } from '../../../src/msn/dialect/roster.ts'
import { RosterReader } from '../../../src/msn/dialect/roster-reader.ts'
import {
  readProperty,
  readPropertyOf,
  readPropertySet,
  readRename,
  writeOwnName,
  writeProperty,
  writePropertyOf,
  writePropertySet,
} from '../../../src/msn/dialect/settings.ts'
import type { ListEntry, Roster } from '../../../src/msn/model/contact-list.ts'
import type { Command } from '../../../src/msn/wire/command.ts'
import { Decoder } from '../../../src/msn/wire/decoder.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { between, guid, handle, name, trId } from './values.ts'

/** As the other side gets it. */
function sent(commands: readonly Command[], dialect: number): Command[] {
  const decoder = new Decoder({ from: 'server' })
  decoder.dialect = dialect
  return [...decoder.push(Buffer.concat(commands.map(encode)))]
}

const phones = fc.record({ PHH: name, PHW: name, PHM: name }, { requiredKeys: [] })

const rosters = (version: number): fc.Arbitrary<Roster> => {
  const id = version < 10 ? fc.integer({ min: 1, max: 30 }).map(String) : guid
  const groups =
    version < 7 ? fc.constant([]) : fc.uniqueArray(fc.record({ id, name }), { selector: (group) => group.id, maxLength: 4 })
  return groups.chain((made) => {
    const entry = fc
      .record({
        handle,
        name,
        lists: between(1, version < 10 ? 15 : 31),
        guid,
        groups: fc.subarray(made.map((group) => group.id)),
        properties: phones,
      })
      .map(({ guid: own, ...rest }): ListEntry => {
        // Only those on FL have a GUID, groups and phones.
        if (rest.lists % 2 === 0) return { ...rest, groups: [], properties: {} }
        return { ...rest, properties: version < 5 ? {} : rest.properties, ...(version >= 10 ? { guid: own } : {}) }
      })
    return fc.record({
      entries: fc.uniqueArray(entry, { selector: (each) => each.handle, maxLength: 8 }),
      groups: fc.constant(made),
      privacy: fc.constantFrom('AL', 'BL'),
      prompt: fc.constantFrom('A', 'N'),
      properties:
        version < 5 ? fc.constant({}) : phones.chain((own) => name.map((MFN) => (version < 10 ? own : { ...own, MFN }))),
    })
  })
}

/** In MSNP5 to 7 "no" is written out. */
function withoutNo<Owner extends { readonly properties: Roster['properties'] }>(owner: Owner): Owner {
  const kept = Object.entries(owner.properties).filter(([key, value]) => !((key === 'MOB' || key === 'MBE') && value === 'N'))
  return { ...owner, properties: Object.fromEntries(kept) }
}

describe.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('MSNP%i', (version) => {
  test('a list is read as it was written, and is over with its last line', () => {
    fc.assert(
      fc.property(rosters(version), trId, fc.nat(), (roster, id, serial) => {
        const stamp = { list: String(serial), settings: version < 10 ? String(serial) : '2006-06-11T10:00:00.0000000-07:00' }
        const commands = sent(writeRoster(version, id, stamp, roster), version)
        const reader = new RosterReader(version)
        const isEmpty = version >= 10 && roster.entries.length + roster.groups.length === 0
        for (const command of commands) {
          // A phone number may follow the last contact, and an empty list is over with its first line.
          if (command.verb !== 'BPR' && !isEmpty) expect(reader.done).toBe(false)
          expect(reader.take(command)).toBe(true)
        }
        expect(reader.done).toBe(true)
        expect(reader.stamp).toEqual(stamp)
        const read = withoutNo(reader.roster)
        const byHandle = (a: ListEntry, b: ListEntry) => (a.handle < b.handle ? -1 : 1)
        expect({ ...read, entries: read.entries.map(withoutNo).sort(byHandle) }).toEqual({
          ...roster,
          entries: [...roster.entries].sort(byHandle),
        })
      }),
      { numRuns: 60 },
    )
  })

  test('other commands are left alone', () => {
    const reader = new RosterReader(version)
    expect(reader.take({ verb: 'GTC', args: ['N'] })).toBe(false)
    for (const command of sent(writeRoster(version, 1, { list: '1', settings: '1' }, reader.roster), version))
      reader.take(command)
    expect(reader.done).toBe(true)
    for (const verb of ['NLN', 'BLP', 'GTC', 'LST', 'SYN', 'PRP']) expect(reader.take({ verb, trId: 9, args: ['x'] })).toBe(false)
  })

  test('what is asked for is read as it was written', () => {
    const stamp = { list: '17', settings: version < 10 ? '17' : '18' }
    expect(readSync(version, writeSync(version, 1, stamp))).toEqual(stamp)
  })

  test('additions and removals are read as they were written, by either side', () => {
    const list = fc.constantFrom('FL', 'AL', 'BL', 'RL')
    fc.assert(
      fc.property(list, handle, name, guid, fc.nat(), (on, who, called, own, serial) => {
        const addition = { list: on, handle: who, name: called, ...(version >= 10 && on === 'FL' ? { guid: own } : {}) }
        expect(readAdd(version, writeAdd(version, 1, addition))).toEqual(addition)
        expect(readAdded(version, writeAdded(version, 0, String(serial), addition))).toEqual(addition)
        const removal = version >= 10 && on === 'FL' ? { list: on, guid: own } : { list: on, handle: who }
        expect(readRemove(version, writeRemove(version, 1, removal))).toEqual(removal)
        expect(readRemoved(version, writeRemoved(version, 0, String(serial), removal))).toEqual(removal)
      }),
    )
  })

  test('one’s own name is read as it was written', () => {
    fc.assert(
      fc.property(handle, name, (who, called) => {
        const command = writeOwnName(version, 1, who, called)
        if (version < 10) expect(readRename(command)).toEqual({ handle: who, name: called })
        else expect(readProperty(command)).toEqual({ key: 'MFN', value: called })
      }),
    )
  })
})

describe.each([7, 8, 9, 10, 11, 12])('groups at MSNP%i', (version) => {
  test('are read as they were written', () => {
    const id = version < 10 ? fc.nat().map(String) : guid
    fc.assert(
      fc.property(id, name, handle, guid, (group, called, who, own) => {
        expect(readAddGroup(writeAddGroup(version, 1, called))).toBe(called)
        expect(readGroupAdded(version, writeGroupAdded(version, 1, '5', { id: group, name: called }))).toEqual({ id: group })
        expect(readRenameGroup(writeRenameGroup(version, 1, { id: group, name: called }))).toEqual({ id: group, name: called })
        expect(readRemoveGroup(writeRemoveGroup(1, group))).toBe(group)
        const into =
          version < 10 ? ({ list: 'FL', handle: who, name: called, group } as const) : ({ list: 'FL', guid: own, group } as const)
        expect(readAdd(version, writeAdd(version, 1, into))).toEqual(into)
        const outOf = version < 10 ? ({ list: 'FL', handle: who, group } as const) : ({ list: 'FL', guid: own, group } as const)
        expect(readRemove(version, writeRemove(version, 1, outOf))).toEqual(outOf)
      }),
    )
  })
})

test.each([5, 9, 10, 12])('a phone number at MSNP%i is read as it was written, cleared too', (version) => {
  fc.assert(
    fc.property(fc.constantFrom('PHH', 'PHM'), fc.oneof(name, fc.constant('')), handle, (key, value, who) => {
      expect(readProperty(writeProperty(1, { key, value }))).toEqual({ key, value })
      expect(readPropertySet(version, writePropertySet(version, 1, '5', { key, value }))).toEqual({ key, value })
      const told = readPropertyOf(writePropertyOf(version, '5', who, { key, value }))
      expect(told).toEqual(value === '' ? undefined : { handle: who, key, value })
    }),
  )
})

describe('as other servers write it (msnp-core.md section 8)', () => {
  const read = (version: number, lines: string) => {
    const decoder = new Decoder({ from: 'server' })
    decoder.dialect = version
    const reader = new RosterReader(version)
    for (const command of decoder.push(Buffer.from(lines.trim().replaceAll(/\n\s*/g, '\r\n').concat('\r\n'))))
      reader.take(command)
    return reader
  }

  test('properties without TrID and handle, groups of nobody, a trailing space', () => {
    const reader = read(
      7,
      `SYN 5 17
      PRP 17 PHH 1
      LSG 5 17 1 1 0 Other%20Contacts 0
      LST 5 FL 17 1 1 juliet@example.com Juliet 0
      BPR 17 PHM 2
      LST 5 AL 17 0 0
      LST 5 BL 17 0 0
      LST 5 RL 17 0 0`,
    )
    expect(reader.done).toBe(true)
    expect(reader.roster.properties).toEqual({ PHH: '1' })
    expect(reader.roster.entries).toEqual([
      { handle: 'juliet@example.com', name: 'Juliet', lists: 1, groups: [], properties: { PHM: '2' } },
    ])
  })

  test('MSNP8 with a 0 for those who are not on FL, MSNP10 with a trailing space and an empty name', () => {
    expect(read(8, 'SYN 1 5 1 1\nLSG 0 ~ 0\nLST juliet@example.com Juliet 8 0').roster.entries).toMatchObject([
      { lists: 8, groups: [] },
    ])
    const ten = read(10, 'SYN 1 0 0 1 0\nLST N=juliet@example.com F= 11 ')
    expect([ten.done, ten.roster.entries[0]?.name]).toEqual([true, 'juliet@example.com'])
  })

  test('an empty list is over with its first line, from MSNP10 on', () => {
    expect(read(10, 'SYN 1 0 0 0 0').done).toBe(true)
    expect(read(10, 'SYN 1 2006 2006').done).toBe(true)
  })

  test('the id of a new group is found wherever it stands', () => {
    const id = '6f1d7b56-3c2a-4e0e-9d55-0a4f1d6f3c11'
    for (const args of [
      ['Friends', id],
      ['Friends', id, '0'],
      ['1', 'Friends', id],
    ])
      expect(readGroupAdded(11, { verb: 'ADG', trId: 1, args })).toEqual({ id })
  })

  test('REM with N=, and by handle where a GUID should be', () => {
    expect(readRemoved(11, { verb: 'REM', trId: 0, args: ['RL', 'N=juliet@example.com'] })).toEqual({
      list: 'RL',
      handle: 'juliet@example.com',
    })
    expect(readRemove(11, { verb: 'REM', trId: 1, args: ['FL', 'juliet@example.com'] })).toEqual({
      list: 'FL',
      handle: 'juliet@example.com',
    })
  })
})
