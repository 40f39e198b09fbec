// The web services and pages, over HTTP: requests that are nearly right, with a good ticket of Romeo's. Every answer is quick, one of a few statuses,
// XML that is well formed where it says that it is XML, never a request's own markup, and never anything of Juliet's.

import { Secret } from '../src/core/secret.ts'
import { writeContactCall } from '../src/msn/soap/contact-call.ts'
import { writeEnvelope } from '../src/msn/soap/envelope.ts'
import { boxAction, writeBoxRequest } from '../src/msn/soap/oim-box.ts'
import { escapeXml, parseXml, tag, textTag, type Xml } from '../src/msn/soap/xml.ts'
import { recorded } from '../test/support/recorded-requests.ts'
import type { Dice } from './dice.ts'
import { Server } from './server-child.ts'
import { Finding, type Target } from './target.ts'

interface Request {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Stands in what only Juliet may see. */
const canary = 'only-for-juliet-7f3a'
/** A request that is mirrored unescaped shows this. */
const marker = '<zq7f3a>'
/** Milliseconds for an answer; checking passwords takes some, and they queue. */
const patience = 10_000
const atOnce = 8
const statuses = new Set([200, 302, 303, 400, 401, 403, 404, 405, 413, 414, 415, 429, 431, 500, 503])

export async function webTarget(): Promise<Target> {
  const server = new Server()
  await server.up()
  await fillJuliets(server)
  const ticket = (await server.ask({ ask: 'token', account: 'romeo@example.com', use: 'services' }, 'token')).ticket
  const corpus = requests(ticket)
  const bodies = [...corpus.map(({ body }) => body), Buffer.from(marker)]
  return {
    name: 'web',
    memory: async () => (await server.ask({ ask: 'memory' }, 'memory')).bytes,
    round: async (dice) => {
      const round = Array.from({ length: atOnce }, () => damaged(dice, dice.pick(corpus), bodies))
      await Promise.all(round.map((request) => check(server, request)))
    },
    close: async () => server.stop(),
  }
}

function damaged(dice: Dice, request: Request, bodies: readonly Buffer[]): Request {
  const path = dice.chance(6) ? dice.mutate(Buffer.from(request.path), bodies).toString('latin1').slice(0, 4000) : request.path
  const body = dice.chance(6) ? request.body : dice.mutate(request.body, bodies)
  return { ...request, path: encodeURI(path).replace(/^\/*/, '/').replaceAll('#', '%23'), body }
}

async function check(server: Server, { path, headers, body }: Request): Promise<void> {
  const input = Buffer.concat([Buffer.from(`POST ${path}\n${JSON.stringify(headers)}\n\n`), body])
  const found = (what: string, cause?: unknown) => new Finding(what, input, cause)
  let answer: Response
  let text: string
  try {
    const signal = AbortSignal.timeout(patience)
    const method = path === '/' || headers['Content-Type'] ? 'POST' : 'GET'
    const sent = method === 'GET' ? {} : { body: new Uint8Array(body) }
    answer = await fetch(`http://127.0.0.1:${server.ports.web}${path}`, { method, headers, ...sent, redirect: 'manual', signal })
    text = await answer.text()
  } catch (error) {
    throw found(server.wrong ?? 'there is no answer in time', error)
  }
  if (server.wrong !== undefined) throw found(server.wrong)
  if (!statuses.has(answer.status)) throw found(`the status is ${answer.status}`)
  if (text.includes(canary)) throw found('what is only for Juliet was told to Romeo')
  if (text.includes(marker)) throw found('a request is mirrored with its markup')
  const isXml = /\bxml\b/.test(answer.headers.get('content-type') ?? '')
  // The tabs of MSN 4 have two roots (msnp-services.md A18).
  if (isXml && text !== '' && !path.includes('/mms/') && !parseXml(text))
    throw found(`the answer is no XML: ${text.slice(0, 300)}`)
}

/** Gives Juliet a group, a contact with a note, and a word left for her. */
async function fillJuliets(server: Server): Promise<void> {
  const { ticket } = await server.ask({ ask: 'token', account: 'juliet@example.com', use: 'services' }, 'token')
  const note = tag(
    'contacts',
    tag('Contact', tag('contactInfo', [textTag('passportName', 'nurse@example.com'), textTag('comment', canary)])),
  )
  const group = [
    tag('groupAddOptions', textTag('fRenameOnMsgrConflict', false)),
    tag('groupInfo', tag('GroupInfo', [textTag('name', canary), textTag('fMessenger', false)])),
  ]
  for (const [operation, inside] of [
    ['ABContactAdd', note],
    ['ABGroupAdd', group],
  ] as const) {
    const body = writeContactCall({ operation, scenario: 'ContactSave', ticket: new Secret(ticket) }, inside).reveal()
    const answer = await fetch(`http://127.0.0.1:${server.ports.web}/abservice/abservice.asmx`, {
      method: 'POST',
      headers: soap(`http://www.msn.com/webservices/AddressBook/${operation}`),
      body,
    })
    if (answer.status !== 200) throw new Error(`${operation} for Juliet was answered ${answer.status}`)
  }
}

function soap(action: string): Record<string, string> {
  return { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${action}"` }
}

/** What well-behaved clients ask, by every door. */
function requests(ticket: string): Request[] {
  return [...signIns(), ...contactCalls(ticket), ...boxCalls(ticket), ...storageCalls(ticket), ...pages(), ...oddities()]
}

function signIns(): Request[] {
  const holes = { account: 'romeo@example.com', password: 'wrong' }
  const rst = ['rst-libpurple', 'rst-pecan'].map((name) => recorded(name, holes))
  return rst.flatMap((body) => [
    post('/RST.srf', soap(''), body),
    post('/RST2.srf', { 'Content-Type': 'application/soap+xml' }, body),
  ])
}

function contactCalls(ticket: string): Request[] {
  const who = { account: 'romeo@example.com', contact: 'tybalt@example.com', ticket }
  const call = (path: string, operation: string, inside?: Parameters<typeof writeContactCall>[1]) =>
    post(
      path,
      soap(`http://www.msn.com/webservices/AddressBook/${operation}`),
      writeContactCall({ operation, scenario: 'Initial', ticket: new Secret(who.ticket) }, inside).reveal(),
    )
  const book = '/abservice/abservice.asmx'
  const contact = (info: readonly Xml[]) =>
    tag('contacts', tag('Contact', [textTag('contactId', '00000000-0000-0000-0000-000000000000'), tag('contactInfo', info)]))
  const member = (role: string) =>
    tag(
      'memberships',
      tag('Membership', [
        textTag('MemberRole', role),
        tag('Members', tag('Member', [textTag('Type', 'Passport'), textTag('PassportName', 'juliet@example.com')])),
      ]),
    )
  return [
    call('/abservice/SharingService.asmx', 'FindMembership'),
    ...['AddMember', 'DeleteMember'].flatMap((name) =>
      ['Allow', 'Block', 'Pending', 'Reverse'].map((role) => call('/abservice/SharingService.asmx', name, member(role))),
    ),
    call(book, 'ABFindAll', [textTag('abId', '00000000-0000-0000-0000-000000000000'), textTag('abView', 'Full')]),
    call(book, 'ABFindContactsPaged', textTag('abView', 'Full')),
    call(book, 'ABContactAdd', contact([textTag('passportName', 'juliet@example.com'), textTag('isMessengerUser', true)])),
    call(
      book,
      'ABContactUpdate',
      contact([textTag('contactType', 'Me'), textTag('displayName', 'Romeo'), textTag('comment', 'x')]),
    ),
    call(book, 'ABContactDelete', contact([])),
    call(book, 'ABGroupAdd', tag('groupInfo', tag('GroupInfo', textTag('name', 'Montagues')))),
    call(book, 'ABGroupContactAdd', [
      tag('groupFilter', tag('groupIds', textTag('guid', '00000000-0000-0000-0000-000000000000'))),
      contact([textTag('passportName', 'juliet@example.com')]),
    ]),
    call(book, 'ABGroupDelete', tag('groupFilter', tag('groupIds', textTag('guid', '00000000-0000-0000-0000-000000000000')))),
  ]
}

function boxCalls(ticket: string): Request[] {
  const calls = [
    { operation: 'GetMetadata' },
    { operation: 'GetMessage', id: '00000000-0000-0000-0000-000000000000' },
    { operation: 'DeleteMessages', ids: ['00000000-0000-0000-0000-000000000000'] },
  ] as const
  return calls.map((call) => post('/rsi/rsi.asmx', soap(boxAction(call)), writeBoxRequest({ call, ticket: new Secret(ticket) })))
}

function storageCalls(ticket: string): Request[] {
  const space = 'http://www.msn.com/webservices/storage/2008'
  const header = tag('StorageUserHeader', [textTag('Puid', 0), textTag('TicketToken', ticket)], { xmlns: space })
  const call = (operation: string, inside: Xml) =>
    post(
      '/storageservice/SchematizedStore.asmx',
      soap(`${space}/${operation}`),
      writeEnvelope(tag(operation, inside, { xmlns: space }), header),
    )
  const alias = tag('Alias', [textTag('Name', '1'), textTag('NameSpace', 'MyCidStuff')])
  const picture = tag('document', [
    textTag('Name', 'x'),
    tag('DocumentStreams', tag('DocumentStream', [textTag('MimeType', 'png'), textTag('Data', 'iVBORw0KGgo=')])),
  ])
  return [
    call('GetProfile', tag('profileHandle', [alias, textTag('RelationshipName', 'MyProfile')])),
    call(
      'UpdateProfile',
      tag('profile', tag('ExpressionProfile', [textTag('DisplayName', 'Romeo'), textTag('PersonalStatus', 'x')])),
    ),
    call('CreateDocument', (escapeXml('') + tag('parentHandle', alias) + picture) as Xml),
    call('FindDocuments', tag('objectHandle', alias)),
    call('DeleteRelationships', tag('targetHandles', tag('ObjectHandle', textTag('ResourceID', '1!205')))),
  ]
}

function pages(): Request[] {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return [
    ...['/', '/connect', '/register', '/password', '/ca', `/connect?x=${marker}`].map((path) => post(path, {}, '')),
    post('/register', form, `email=${encodeURIComponent(marker)}%40example.com&password=a&again=a&code=x&token=x`),
    post('/password', form, `email=romeo%40example.com&password=${encodeURIComponent(marker)}&next=a&again=a&token=x`),
  ]
}

function oddities(): Request[] {
  const plain = [
    '/rdr/pprdr.asp',
    '/svcs/mms/tabs.asp',
    '/svcs/mms/portal.asp',
    '/Config/MsgrConfig.asmx?op=GetClientConfig',
    '/ppcrlconfig.bin',
  ]
  return [
    ...plain.map((path) => post(path, {}, '')),
    post(
      '/ppsecure/sha1auth.srf',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      'token=x&ru=http%3A%2F%2Fexample.com',
    ),
    post('/whatsnew/whatsnewservice.asmx', soap('x'), writeEnvelope(tag('GetContactsRecentActivity'))),
    post(
      '/gateway/gateway.dll?Action=open&Server=NS&IP=x',
      { 'Content-Type': 'application/x-msn-messenger' },
      'VER 1 MSNP12 CVR0\r\n',
    ),
    post('/gateway/gateway.dll?Action=poll&SessionID=1.2', { 'Content-Type': 'application/x-msn-messenger' }, ''),
  ]
}

function post(path: string, headers: Readonly<Record<string, string>>, body: string): Request {
  return { path, headers, body: Buffer.from(body) }
}
