// What docs/msn-compatibility.md tells: each feature, the dialects that have it, and the test that shows it there.

/** A test file or a transcript, from the root of the repository; `{n}` and `{nn}` are the dialect. Where a title is named, it stands in the file. */
export interface Proof {
  readonly file: string
  readonly title?: string
}

/** The first and last dialect, and what shows the feature in each of them. */
export interface Span extends Proof {
  readonly from: number
  readonly to: number
}

export interface Feature {
  readonly name: string
  readonly spans: readonly Span[]
}

export interface Service {
  readonly name: string
  /** Whose clients use it. */
  readonly clients: string
  readonly server: Proof
  /** Absent: our client has no use for it. */
  readonly client?: Proof
}

const [first, last] = [2, 18]
const span = (from: number, to: number, file: string, title?: string): Span => ({
  ...{ from, to, file },
  ...(title !== undefined && { title }),
})
const scene = (name: string, from = first, to = last) => span(from, to, `test/transcripts/scenes/${name}-msnp{nn}.msnp`)
const every = (title: string, from = first, to = last) => span(from, to, 'test/msn/server/every-dialect.test.ts', title)
const together = (title: string, from = first, to = last) => span(from, to, 'test/msn/client-on-server.test.ts', title)
const feature = (name: string, ...spans: Span[]): Feature => ({ name, spans })

export const serverFeatures: Readonly<Record<string, readonly Feature[]>> = {
  'Signing in': [
    feature('salted MD5 (MSN 1.0 to 4.7)', scene('sign-in', 2, 7)),
    feature('Passport, `TWN` (MSN 5.0 to WLM 8.0)', scene('sign-in', 8, 14)),
    feature('`SSO` with a signed nonce (WLM 8.1 to 2009)', scene('sign-in', 15, 18)),
    feature(
      'everything up to the first question in one write',
      every('may come in one write up to the first question, at MSNP%i'),
    ),
    feature('a wrong proof: 911', every('with a wrong proof is 911 and the end, at MSNP%i')),
    feature(
      'dispatch server: `XFR NS`',
      span(2, 18, 'test/msn/server/beside.test.ts', 'a client of MSNP%i is sent on and hung up on'),
    ),
    feature('a second sign-in: `OUT OTH`', every('a second time sends the first away with OUT OTH, at MSNP%i', 2, 15)),
    feature(
      'several places at once',
      span(16, 18, 'test/msn/server/places.test.ts', 'at MSNP%i somebody is at two places with different GUIDs'),
    ),
    feature('one place sends another away', every('at one place sends another away, at MSNP%i', 16, 18)),
    feature(
      '`CHL` and `QRY`, where the operator asks for it',
      every('is asked after the first CHG and answered with QRY, at MSNP%i', 6),
    ),
    feature('`PNG`, `URL`, `CVR` after sign-in, policies', span(2, 18, 'test/transcripts/server/sign-in-msnp{n}.msnp')),
    feature('through the HTTP gateway', every('goes through the HTTP gateway as well, at MSNP%i', 4)),
  ],
  'The list': [
    feature('`SYN`, and the list in the form of the dialect', scene('lists', 2, 12)),
    feature('`ADD`, `REM`', scene('lists', 2, 9)),
    feature('`ADC`, `REM`', scene('lists', 10, 12)),
    feature('`ADL`, `RML`; the contact services keep the list', scene('lists', 13, 18)),
    feature('`FQY`', scene('lists', 14, 18)),
    feature('groups: `ADG`, `REG`, `RMG` (from MSNP13 on by web service)', scene('lists', 7, 12)),
    feature('names of contacts: `REA`, `SBP` (from MSNP13 on by web service)', scene('lists', 2, 12)),
    feature('whoever adds somebody waits for an answer', every('waits for an answer, whatever the dialect, at MSNP%i')),
    feature('the blocked see one go, and cannot call', every('goes for whom they block, who cannot call them either, at MSNP%i')),
    feature('privacy: `BLP`', every('is seen only by those they allow once they say BLP BL, at MSNP%i')),
    feature(
      'phone numbers: `PRP`, `BPR` (from MSNP13 on by web service)',
      every('tells a phone number to those who may see it, at MSNP%i', 5, 12),
    ),
  ],
  Presence: [
    feature('who is there, who comes, changes, hides and goes; contacts with other clients', scene('presence')),
    feature('one’s own name', scene('presence')),
    feature('personal message: `UUX`, `UBX`', scene('presence', 11, 18)),
    feature('pictures are passed on', every('has a picture, which is passed on as it came, at MSNP%i', 9)),
    feature(
      'a picture that changes alone',
      span(9, 18, 'test/msn/server/real-clients.test.ts', '10: a picture that changes alone is told in NLN, at MSNP%i'),
    ),
    feature('where somebody is, and with what: `EndpointData`', scene('presence', 16, 18)),
  ],
  Conversations: [
    feature('of two: text, typing, nudges', scene('board')),
    feature('of three', scene('board')),
    feature('capabilities of those who are there', scene('board', 12, 18)),
    feature(
      'of people in several places',
      together(
        'is in two places at once, which both hear what is said and what the other says, in MSNP${dialect} ${way}',
        16,
        18,
      ),
    ),
    feature('acknowledgements `U`, `N`, `A`, `D`, `S`', every('each kind of acknowledgement is kept, at MSNP%i')),
    feature(
      'offline messages are announced',
      span(11, 18, 'test/msn/server/web/offline.test.ts', 'lists what waits to a client of MSNP%i that signs in'),
    ),
  ],
}

export const clientFeatures: Readonly<Record<string, readonly Feature[]>> = {
  'Our client': [
    feature('signs in to our server', scene('sign-in')),
    feature(
      'goes where the dispatch server sends it',
      span(2, 18, 'test/msn/dispatch.test.ts', 'goes from the dispatch server to the notification server, at MSNP%i'),
    ),
    feature(
      'signs in, with other servers’ words',
      span(2, 18, 'test/msn/client/sign-in.test.ts', 'shows the list and who is there in MSNP${dialect}'),
    ),
    feature(
      'signs in with the web services of a network',
      span(12, 18, 'test/msn/client/web/services.test.ts', 'sign an account of another Nudge in at MSNP%i, with its list'),
    ),
    feature(
      'does not fight when it is signed in elsewhere',
      together('ends the session of whoever signs in a second time at the same place'),
    ),
    feature('reads and changes the list; accepts who waits when the user says so', scene('lists')),
    feature('groups on the wire (from MSNP13 on by web service)', scene('lists', 7, 12)),
    feature('sees who is there, and is seen', scene('presence')),
    feature('personal message', scene('presence', 11, 18)),
    feature('writes, is acknowledged, hears; typing, nudges', scene('board')),
    feature('begins a conversation of three, and leaves it', scene('board')),
    feature(
      'hears what its user says at another place',
      together(
        'is in two places at once, which both hear what is said and what the other says, in MSNP${dialect} ${way}',
        16,
        18,
      ),
    ),
    feature('leaves words for who is away, and fetches its own', together('are kept until they come, in MSNP${dialect}', 13, 18)),
  ],
}

const web = 'test/msn/server/web'
const ours = 'test/msn/client/web'

export const services: readonly Service[] = [
  {
    name: 'Passport 1.4: nexus and login',
    clients: 'MSN 5.0 to 7.0, aMSN at MSNP12',
    server: { file: `${web}/passport.test.ts`, title: 'a password becomes a ticket that signs in for five minutes' },
    client: { file: 'test/msn/client/passport.test.ts', title: 'is asked for where the nexus says: DALogin=${place}' },
  },
  {
    name: 'RST',
    clients: 'MSN 7.5 to WLM 8.5, libpurple, msn-pecan, aMSN',
    server: { file: `${web}/rst.test.ts`, title: 'libpurple gets one for each of its addresses, numbered as it asked' },
    client: {
      file: `${ours}/tokens.test.ts`,
      title: 'comes from ${form} with its secret, under the policy of the notification server',
    },
  },
  {
    name: 'RST2',
    clients: 'WLM 2009',
    server: { file: `${web}/rst.test.ts`, title: 'RST2 answers in its own words' },
    client: {
      file: `${ours}/tokens.test.ts`,
      title: 'comes from ${form} with its secret, under the policy of the notification server',
    },
  },
  {
    name: 'memberships',
    clients: 'MSNP13 and later',
    server: { file: `${web}/contacts.test.ts`, title: 'FindMembership gives every role, also an empty one' },
    client: { file: `${ours}/address-book.test.ts`, title: 'people are put on each list and taken off again, once and twice' },
  },
  {
    name: 'address book',
    clients: 'MSNP13 and later',
    server: { file: `${web}/contacts.test.ts`, title: 'both ways to read show the same, and what is kept survives a restart' },
    client: { file: `${ours}/address-book.test.ts`, title: 'both documents are one list' },
  },
  {
    name: 'groups of the address book',
    clients: 'MSNP13 and later',
    server: { file: `${web}/contacts.test.ts`, title: 'are made, renamed and deleted; their contacts stay' },
    client: { file: `${ours}/address-book.test.ts`, title: 'groups are made, filled, named and removed' },
  },
  {
    name: 'phone numbers and other details of contacts',
    clients: 'MSNP13 and later',
    server: { file: `${web}/contacts.test.ts`, title: 'telephone numbers are one with PRP, and reach whoever may see them' },
  },
  {
    name: 'offline messages: leaving one, with the lock key',
    clients: 'MSN 7.5 to WLM 8.5',
    server: {
      file: `${web}/offline.test.ts`,
      title: 'first asks for the lock key, and then takes it until it is half a day old',
    },
    client: { file: `${ours}/offline.test.ts`, title: 'a message is left, found, read and deleted' },
  },
  {
    name: 'offline messages: leaving one with `UUM`',
    clients: 'WLM 2009, libpurple, aMSN',
    server: { file: `${web}/offline.test.ts`, title: 'takes one from libpurple, which sends no SOAP and no Dest-Agent' },
    client: {
      file: 'test/msn/client/mail.test.ts',
      title: 'are left with the notification server in MSNP18, in the form that servers out there keep',
    },
  },
  {
    name: 'offline messages: list, fetch, delete',
    clients: 'MSN 7.5 and later',
    server: { file: `${web}/offline.test.ts`, title: 'lists what waits, hands it out and deletes it' },
    client: { file: `${ours}/offline.test.ts`, title: 'a message is left, found, read and deleted' },
  },
  {
    name: 'storage: profile and picture',
    clients: 'WLM 8.1 and later, libpurple, aMSN',
    server: { file: `${web}/storage.test.ts`, title: 'is changed as WLM and libpurple change it, step by step' },
  },
  {
    name: 'MsgrConfig',
    clients: 'MSN 6.0 and later',
    server: { file: `${web}/client-config.test.ts`, title: 'WLM gets the document itself, whatever letters the path has' },
  },
  {
    name: 'tabs, adverts, what’s new: a polite nothing',
    clients: 'MSN 6.0 and later',
    server: { file: `${web}/odd-services.test.ts`, title: 'nothing is new' },
  },
  {
    name: 'HTTP gateway',
    clients: 'MSN 4.0 and later, libpurple',
    server: { file: `${web}/gateway.test.ts`, title: 'somebody signs in, calls, and chats with somebody at a port' },
  },
  {
    name: 'HTTPS with TLS 1.0 and old ciphers',
    clients: 'MSN 5.0 to WLM 2009 on Windows of their time',
    server: { file: `${web}/vintage-tls.test.ts`, title: 'speaks %s with %s, and serves what the modern one serves' },
  },
  {
    name: 'pages: account, password, how to connect',
    clients: 'people',
    server: { file: `${web}/pages/pages.test.ts`, title: 'has our names and ports in it, for every client' },
  },
]
