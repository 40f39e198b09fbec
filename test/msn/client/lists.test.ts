import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MsnContact } from '../../../src/msn/client/contact-book.ts'
import { ClientError } from '../../../src/msn/client/errors.ts'
import { piecesOf } from '../../../src/msn/client/whole-list.ts'
import { listedWith, sizeOfListing } from '../../../src/msn/dialect/listing.ts'
import { FakeWeb, friends, veronese } from '../../support/fake-web.ts'
import type { Play } from '../../support/play.ts'
import { password, play, playText, transcript, transcriptUntil } from '../../support/play.ts'

const guid = 'c1f9a363-4ee9-4a33-a434-b056a4c55b98'
const old12 = await transcriptUntil('displaced-msnp12', 'S: OUT')
const modern = (dialect: number) => transcriptUntil(`chat-msnp${dialect}`, 'C: XFR')
/** A list with these lines, at MSNP12. */
const with12 = (...lines: string[]) =>
  old12
    .replace('{settings} 0 0', `{settings} ${lines.length} 0`)
    .replace('C: CHG', `${lines.map((line) => `S: ${line}\n`).join('')}C: CHG`)
const listing = (verb: string, trId: string, handle: string, bits: number) => {
  const [name, domain] = handle.split('@')
  return `${verb} ${trId} {}\n<ml><d n="${domain}"><c n="${name}" l="${bits}" t="1"></c></d></ml>\n`
}
const both = (verb: string, trId: number, handle: string, bits: number) =>
  `C: ${listing(verb, String(trId), handle, bits)}S: ${verb} ${trId} OK\n`

describe('somebody who added us', () => {
  it('waits for an answer in MSNP12, and is never accepted silently', async () => {
    const { client } = await playText(
      `${with12('LST N=nurse@example.com F=Nurse 16 1')}S: ADC 0 RL N=romeo@example.com F=Romeo\n`,
    )
    expect(client.contacts).toMatchObject([
      { account: 'nurse@example.com', lists: ['pending'] },
      { account: 'romeo@example.com', lists: ['reverse', 'pending'] },
    ])
  })

  it('waits also where there is no list for that: in MSNP9 whoever has us and is neither allowed nor blocked', async () => {
    const text = `C: VER 1 MSNP9 CVR0
S: VER 1 MSNP9
C: CVR {}
S: CVR 2 x
C: USR 3 TWN I {who}
S: USR 3 TWN S x
C: USR 4 TWN S {ticket}
S: USR 4 OK juliet@example.com Juliet 1 0
C: SYN 5 0
S: SYN 5 17 3 1
S: LSG 0 Other%20Contacts 0
S: LST nurse@example.com Nurse 8
S: LST romeo@example.com Romeo 11 0
S: LST tybalt@example.net Tybalt 12
C: CHG 6 NLN 1073741856
S: CHG 6 NLN 1073741856
S: ADD 0 RL 18 paris@example.com Paris
C: ADD 7 AL nurse@example.com {}
S: ADD 7 AL 19 nurse@example.com Nurse
C: ADD 8 BL paris@example.com {}
S: ADD 8 BL 20 paris@example.com Paris
`
    const before: unknown[] = []
    const { client } = await playText(text, { dialects: [9] }, async ({ client }) => {
      await client.until(() => client.contacts.length === 4)
      before.push(...client.contacts.filter(({ lists }) => lists.includes('pending')).map(({ account }) => account))
      await client.session.accept('nurse@example.com')
      await client.session.decline('paris@example.com')
    })
    expect(before).toEqual(['nurse@example.com', 'paris@example.com'])
    expect(client.contacts.filter(({ lists }) => lists.includes('pending'))).toEqual([])
    expect(client.contacts).toContainEqual(expect.objectContaining({ account: 'paris@example.com', lists: ['block', 'reverse'] }))
  })

  it('is accepted in MSNP12 when the user says so: allowed, and no longer waiting', async () => {
    const text = `${with12('LST N=nurse@example.com F=Nurse 16 1')}C: ADC 7 AL N=nurse@example.com
S: ADC 7 AL N=nurse@example.com
C: ADC 8 RL N=nurse@example.com
S: ADC 8 RL N=nurse@example.com
C: REM 9 PL nurse@example.com
S: REM 9 PL nurse@example.com
`
    const { client } = await playText(text, {}, ({ client }) => client.session.accept('nurse@example.com'))
    expect(client.contacts).toMatchObject([{ account: 'nurse@example.com', lists: ['allow', 'reverse'] }])
  })

  it('is declined in MSNP12 when the user says so: blocked, and no longer waiting', async () => {
    const text = `${with12('LST N=paris@example.com F=Paris 16 1')}C: ADC 7 BL N=paris@example.com
S: ADC 7 BL N=paris@example.com
C: ADC 8 RL N=paris@example.com
S: 215 8
C: REM 9 PL paris@example.com
S: 216 9
`
    const { client } = await playText(text, {}, ({ client }) => client.session.decline('paris@example.com'))
    expect(client.contacts).toMatchObject([{ account: 'paris@example.com', lists: ['block', 'reverse'] }])
  })

  const added = (name: string) => {
    const payload = `<ml><d n="example.com"><c n="${name}" t="1" l="8" f="Nurse%20A" /></d></ml>`
    return `S: ADL 0 ${payload.length}\n${payload}\n`
  }
  const changed = 'S: NOT {}\n<NOTIFICATION><MSG><BODY>ABCHInternal</BODY></MSG></NOTIFICATION>\n'

  it('waits in MSNP18 as soon as the server tells of it, with what they wrote, and the list is read again once changes are over', async () => {
    const web = new FakeWeb(veronese, [friends])
    const text = `${(await transcript('sign-in-msnp18')).trimEnd()}\n${added('nurse')}${changed}`
    const handle = 'nurse@example.com'
    const nurse = { handle, name: 'Angelica', lists: 16, groups: [], properties: {}, invitation: 'Two of the hour, madam' }
    const told: (readonly MsnContact[])[] = []
    const tell = (_: boolean, contacts: readonly MsnContact[]) =>
      void told.push(contacts.filter(({ account }) => account === handle))
    const acts = async ({ client }: Play) => {
      await client.timers.pass(0)
      expect(told.at(-1)).toMatchObject([{ name: 'Angelica', lists: ['pending'], invitation: 'Two of the hour, madam' }])
      await client.timers.pass(2000)
      await client.timers.pass(60_000)
    }
    const list = () => web.entries.set(handle, nurse)
    const fetch = web.book.fetch
    const book = { ...web.book, fetch: () => fetch().finally(list) }
    await playText(
      text,
      { dialects: [18], credential: password, web: { ...web, tickets: web.tickets, book }, onContacts: tell },
      acts,
    )
    expect(told.filter((contacts) => contacts.length > 0).every(([contact]) => contact?.invitation !== undefined)).toBe(true)
    expect(web.asked.filter((what) => what === 'fetch')).toHaveLength(3)
  })

  it.each([undefined, new ClientError('connection-lost', 'no')])(
    'waits also when the list cannot be read again, or says nothing of it',
    async (failure) => {
      const web = new FakeWeb(veronese, [friends])
      const text = `${(await transcript('sign-in-msnp18')).trimEnd()}\n${added('nurse')}${added('paris')}${added('paris')}`
      const { client } = await playText(text, { dialects: [18], credential: password, web }, async ({ client }) => {
        web.failure = failure
        await client.until(() => client.contacts.length === 4)
      })
      const paris = { account: 'paris@example.com', name: 'Nurse A', lists: ['reverse', 'pending'] }
      expect(client.contacts.at(-1)).toMatchObject(paris)
    },
  )

  it('is gone from the reverse list when they remove us in MSNP15', async () => {
    const web = new FakeWeb(veronese, [friends])
    const text = `${await transcript('sign-in-msnp15')}S: ${listing('RML', '0', 'romeo@example.com', 8)}`
    const { client } = await playText(text, { dialects: [15], credential: password, web })
    expect(client.session.contacts[0]).toMatchObject({ account: 'romeo@example.com', lists: ['forward', 'allow'] })
  })
})

describe('changes of the list up to MSNP12', () => {
  const romeo = `LST N=romeo@example.com F=Romeo C=${guid} 3 1`

  it('takes a contact off the list by GUID, and blocks and unblocks', async () => {
    const text = `${with12(romeo)}C: REM 7 FL ${guid}
S: REM 7 FL ${guid}
C: REM 8 AL romeo@example.com
S: REM 8 AL romeo@example.com
C: ADC 9 BL N=romeo@example.com
S: ADC 9 BL N=romeo@example.com
C: REM 10 BL romeo@example.com
S: REM 10 BL romeo@example.com
C: ADC 11 AL N=romeo@example.com
S: ADC 11 AL N=romeo@example.com
`
    const { client } = await playText(text, {}, async ({ client: { session } }) => {
      await session.removeContact('Romeo@Example.com')
      await session.block('romeo@example.com')
      await session.unblock('romeo@example.com')
    })
    expect(client.contacts).toMatchObject([{ account: 'romeo@example.com', lists: ['allow'] }])
  })

  it('gives a contact another name, and makes, fills, renames, empties and removes a group', async () => {
    const group = friends.id
    const text = `${with12(romeo)}C: SBP 7 ${guid} MFN My%20Romeo
S: SBP 7 ${guid} MFN My%20Romeo
C: ADG 8 Friends
S: ADG 8 Friends ${group} 0
C: ADC 9 FL C=${guid} ${group}
S: ADC 9 FL C=${guid} ${group}
C: REG 10 ${group} Montagues
S: REG 10 1 Montagues ${group} 0
C: REM 11 FL ${guid} ${group}
S: REM 11 FL ${guid} ${group}
C: RMG 12 ${group}
S: RMG 12 1 ${group}
`
    const seen: unknown[] = []
    const { client } = await playText(text, {}, async ({ client }) => {
      const { session } = client
      await session.renameContact('romeo@example.com', 'My Romeo')
      await session.putInGroup('romeo@example.com', 'Friends')
      await session.putInGroup('romeo@example.com', 'friends')
      seen.push(client.contacts[0]?.groups)
      await session.renameGroup('Friends', 'Montagues')
      seen.push(client.contacts[0]?.groups)
      await session.removeGroup('Montagues')
      await expect(session.removeGroup('Montagues')).rejects.toMatchObject({ code: 'no-such-contact' })
    })
    expect(seen).toEqual([['Friends'], ['Montagues']])
    expect(client.contacts).toMatchObject([{ name: 'My Romeo', groups: [], lists: ['forward', 'allow'] }])
  })

  it('writes the same as MSNP7 wants it: by handle, with numbers, and a name for the list of its own', async () => {
    const text = `${(await transcript('sign-in-msnp7')).trimEnd()}
C: REA 7 romeo@example.com My%20Romeo
S: REA 7 18 romeo@example.com My%20Romeo
C: ADG 8 Montagues 0
S: ADG 8 19 Montagues 2 0
C: ADD 9 FL romeo@example.com My%20Romeo 2
S: ADD 9 FL 20 romeo@example.com My%20Romeo 2
C: REM 10 FL romeo@example.com 2
S: REM 10 FL 21 romeo@example.com 2
C: REM 11 FL romeo@example.com
S: REM 11 FL 22 romeo@example.com
`
    const { client } = await playText(text, { dialects: [7], credential: password }, async ({ client: { session } }) => {
      await session.renameContact('romeo@example.com', 'My Romeo')
      await session.putInGroup('romeo@example.com', 'Montagues')
      await session.takeOutOfGroup('romeo@example.com', 'Montagues')
      await session.removeContact('romeo@example.com')
    })
    expect(client.contacts).toContainEqual(
      expect.objectContaining({ account: 'romeo@example.com', lists: ['allow', 'reverse'], groups: [] }),
    )
  })

  it('has no groups to offer in MSNP5', async () => {
    await play('sign-in-msnp5', { dialects: [5], credential: password }, async ({ client: { session } }) => {
      await expect(session.putInGroup('romeo@example.com', 'Friends')).rejects.toMatchObject({ code: 'server-error' })
    })
  })
})

describe('changes of the list from MSNP13 on', () => {
  it('go to the contact services, and the server hears whom we want', async () => {
    const web = new FakeWeb()
    web.ownName = undefined
    const nurse = 'nurse@example.com'
    const text = `${await modern(15)}C: FQY 8 {}
<ml><d n="example.com"><c n="nurse"></c></d></ml>
S: FQY 8 51
<ml><d n="example.com"><c n="nurse" t="1"/></d></ml>
${both('ADL', 9, nurse, 1)}${both('ADL', 10, nurse, 2)}${both('RML', 11, nurse, 2)}${both('ADL', 12, nurse, 4)}${both('RML', 13, nurse, 4)}${both('ADL', 14, nurse, 2)}${both('RML', 15, nurse, 1)}`.replace(
      'S: FQY 8 51',
      'S: FQY 8 {}',
    )
    const { client } = await playText(text, { dialects: [15], credential: password, web }, async ({ client: { session } }) => {
      await session.addContact(nurse)
      await session.putInGroup(nurse, 'Household')
      await session.renameContact(nurse, 'Angelica')
      await session.block(nurse)
      await session.unblock(nurse)
      await session.takeOutOfGroup(nurse, 'Household')
      await session.renameGroup('Household', 'Servants')
      await session.removeGroup('Servants')
      await session.removeContact(nurse)
    })
    expect(web.asked.slice(2)).toEqual([
      'add nurse@example.com',
      'addMember AL nurse@example.com',
      'addGroup Household',
      'addToGroup nurse@example.com Household',
      'rename nurse@example.com Angelica',
      'removeMember AL nurse@example.com',
      'addMember BL nurse@example.com',
      'removeMember BL nurse@example.com',
      'addMember AL nurse@example.com',
      'removeFromGroup nurse@example.com Household',
      'renameGroup Household Servants',
      'removeGroup Servants',
      'remove nurse@example.com',
    ])
    expect(client.contacts).toEqual([{ account: nurse, name: 'Angelica', lists: ['allow'], groups: [] }])
  })

  it('accept and decline as the user says', async () => {
    const pending = ['nurse@example.com', 'paris@example.com'].map((handle) => {
      return { handle, name: handle, lists: 16, groups: [], properties: {} }
    })
    const web = new FakeWeb(pending)
    web.ownName = undefined
    const text = `${await modern(14)}${both('ADL', 8, 'nurse@example.com', 2)}${both('ADL', 9, 'paris@example.com', 4)}`
    const { client } = await playText(text, { dialects: [14], credential: password, web }, async ({ client: { session } }) => {
      await session.accept('nurse@example.com')
      await session.decline('paris@example.com')
    })
    expect(client.contacts.map(({ lists }) => lists)).toEqual([
      ['allow', 'reverse'],
      ['block', 'reverse'],
    ])
    expect(web.entries.get('nurse@example.com')?.lists).toBe(2 | 8)
    expect(web.entries.get('paris@example.com')?.lists).toBe(4 | 8)
  })

  it('say so when there is no such address, and add nothing', async () => {
    const web = new FakeWeb()
    web.ownName = undefined
    const text = `${await modern(18)}C: FQY 10 {}\n{ml}\nS: 208 10\n`
    await playText(text, { dialects: [18], credential: password, web }, async ({ client: { session } }) => {
      await expect(session.addContact('nobody@example.com')).rejects.toMatchObject({ code: 'no-such-contact' })
    })
    expect(web.asked).not.toContain('add nobody@example.com')
  })

  it('are told to nobody when the contact services do not take them', async () => {
    const web = new FakeWeb(veronese)
    web.ownName = undefined
    const options = { dialects: [15], credential: password, web }
    const { client } = await play('sign-in-msnp15', { ...options, name: 'Juliet' }, async ({ client: { session } }) => {
      web.failure = new ClientError('server-error', 'no')
      await expect(session.block('romeo@example.com')).rejects.toBe(web.failure)
    })
    expect(client.contacts[0]?.lists).toEqual(['forward', 'allow', 'reverse'])
  })
})

describe('our own name', () => {
  const renamed = (trId: number, name: string) => `C: PRP ${trId} MFN ${name}\nS: PRP ${trId} MFN ${name}\n`

  it('is kept by the contact services from MSNP13 on, which tell it at the next sign-in', async () => {
    const web = new FakeWeb(veronese, [friends])
    const text = (await transcript('sign-in-msnp18')) + renamed(11, 'Juliet%20Capulet')
    const { client } = await playText(text, { dialects: [18], credential: password, web }, ({ client }) =>
      client.session.setName('Juliet Capulet'),
    )
    expect(web.asked.filter((what) => what.startsWith('renameSelf'))).toEqual(['renameSelf Juliet Capulet'])
    expect(client.session.state).toBe('online')
  })

  it('is written there at the sign-in where it was chosen before, and not where it is the same', async () => {
    const asked = async (name: string) => {
      const web = new FakeWeb(veronese, [friends])
      const text = (await transcript('sign-in-msnp18')).replaceAll('MFN Juliet', `MFN ${name}`)
      await playText(text, { dialects: [18], credential: password, web, name })
      return web.asked.filter((what) => what.startsWith('renameSelf'))
    }
    expect(await asked('Angelica')).toEqual(['renameSelf Angelica'])
    expect(await asked('Juliet')).toEqual([])
  })
})

describe('the list with which a session begins', () => {
  it('is cut at 150 people and 7,500 bytes, loses nobody and keeps the order', () => {
    const handle = fc
      .tuple(fc.stringMatching(/^[a-z]{1,60}$/), fc.constantFrom('example.com', 'example.net'))
      .map((parts) => parts.join('@'))
    fc.assert(
      fc.property(fc.array(handle, { maxLength: 400 }), (handles) => {
        const people = handles.map((one) => listedWith(one, 3))
        const pieces = piecesOf(people)
        expect(pieces.flat()).toEqual(people)
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(150)
          expect(sizeOfListing({ initial: true, people: piece })).toBeLessThanOrEqual(7500)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('is told in pieces, each of which is answered', async () => {
    const many = Array.from({ length: 200 }, (_, index) => {
      return { handle: `p${index}@example.com`, name: 'P', lists: 3, groups: [], properties: {} }
    })
    const web = new FakeWeb(many)
    web.ownName = undefined
    const text = (await modern(13)).replace(
      /C: ADL 6 15\n.*\nS: ADL 6 OK\n/,
      'C: ADL 6 {}\n<ml l="1">{first}</ml>\nS: ADL 6 OK\nC: ADL 7 {}\n<ml l="1">{second}</ml>\nS: ADL 7 OK\n',
    )
    const { client, server } = await playText(text.replaceAll('CHG 7', 'CHG 8'), { dialects: [13], credential: password, web })
    expect(client.states).toEqual(['connecting', 'online'])
    const said = `${server.remembered('first')}${server.remembered('second')}`
    expect(said.match(/<c /g)).toHaveLength(200)
  })

  it('leaves out whoever only waits, and allows nobody who is blocked', async () => {
    const entry = (handle: string, lists: number) => ({ handle, name: handle, lists, groups: [], properties: {} })
    const web = new FakeWeb([entry('nurse@example.com', 16), entry('paris@example.com', 6), entry('tel:+15551111222', 3)])
    web.ownName = undefined
    const listed = '<ml l="1"><d n="example.com"><c n="paris" l="4" t="1"></c></d><t><c n="tel:+15551111222" l="3"></c></t></ml>'
    const text = (await modern(13)).replace('<ml l="1"></ml>', listed).replace('ADL 6 15', 'ADL 6 {}')
    await playText(text, { dialects: [13], credential: password, web })
  })

  it('is no obstacle when the server finds the privacy the same as before', async () => {
    const web = new FakeWeb()
    web.ownName = undefined
    const text = (await modern(13)).replace('S: BLP 5 AL', 'S: 218 5')
    const { client } = await playText(text, { dialects: [13], credential: password, web })
    expect(client.states).toEqual(['connecting', 'online'])
  })

  it('is waited for: without the contact services nobody is online', async () => {
    const web = new FakeWeb()
    web.failure = new ClientError('connection-lost', 'no')
    const text = (await modern(14)).split('C: BLP')[0] ?? ''
    const { client } = await playText(`${text}C!\n`, { dialects: [14], credential: password, web })
    expect(client.states).toEqual(['connecting', 'reconnecting'])
  })
})
