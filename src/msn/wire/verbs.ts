// The one table of MSNP verbs, MSNP2 to 18: who says them, where the transaction id stands, whether a payload follows, and in
// which dialects (msnp-core.md 1.3, 1.5, 3 and 4). A stream is read by who is speaking, because the same verb can differ.

import type { Speaker } from './command.ts'

/**
 * Where the transaction id stands.
 * own: the client's number comes first. echoed: the server repeats it. zero: the field is always 0. either: echoed in an answer,
 * 0 when the server speaks on its own account. none: there is no such field, whatever the first argument looks like.
 * before-serial: it is there only when a second number, the version of the list, follows it.
 * In all but `none`, a first argument that is no number is not taken for one.
 */
export type TrIdPlace = 'own' | 'echoed' | 'zero' | 'either' | 'none' | 'before-serial'

/** Whether bytes follow the line. numbered: only when the last argument is a number (`ADL 5 OK` has none, `ADL 0 67` has 67). */
export type PayloadRule = 'always' | 'numbered' | 'never'

/** What a verb looks like from one speaker in a range of dialects. */
export interface VerbForm {
  readonly trId: TrIdPlace
  readonly payload: PayloadRule
  readonly first: number
  readonly last: number
}

type Row = readonly [verb: string, trId: TrIdPlace, payload: PayloadRule, first: number, last: number]

const fromClient: readonly Row[] = [
  // sign-in (3.2 to 3.6)
  ['VER', 'own', 'never', 2, 18],
  ['CVR', 'own', 'never', 2, 18],
  ['CVQ', 'own', 'never', 2, 18],
  ['INF', 'own', 'never', 2, 7],
  ['USR', 'own', 'never', 2, 18],
  ['OUT', 'none', 'never', 2, 18],
  // keeping alive, and proving to be a client (3.15, 3.16)
  ['PNG', 'none', 'never', 2, 18],
  ['CHL', 'own', 'never', 6, 18],
  ['QRY', 'own', 'always', 6, 18],
  // contact list on the wire (3.9, 3.17)
  ['SYN', 'own', 'never', 2, 12],
  ['LST', 'own', 'never', 2, 9],
  ['ADD', 'own', 'never', 2, 9],
  ['ADC', 'own', 'never', 10, 12],
  ['REM', 'own', 'never', 2, 12],
  ['REA', 'own', 'never', 2, 9],
  ['SBP', 'own', 'never', 10, 12],
  ['ADG', 'own', 'never', 7, 12],
  ['RMG', 'own', 'never', 7, 12],
  ['REG', 'own', 'never', 7, 12],
  ['GTC', 'own', 'never', 2, 12],
  ['BLP', 'own', 'never', 2, 18],
  ['PRP', 'own', 'never', 5, 18],
  // contact list kept elsewhere (3.10)
  ['ADL', 'own', 'always', 13, 18],
  ['RML', 'own', 'always', 13, 18],
  ['FQY', 'own', 'always', 13, 18],
  // presence (3.11, 3.13)
  ['CHG', 'own', 'never', 2, 18],
  ['UUX', 'own', 'always', 11, 18],
  // beside a switchboard (3.14, 3.18)
  ['UUN', 'own', 'always', 13, 18],
  ['UUM', 'own', 'always', 14, 18],
  ['PAG', 'own', 'always', 5, 8],
  ['PGD', 'own', 'always', 9, 18],
  ['VAS', 'own', 'always', 18, 18],
  ['SND', 'own', 'never', 2, 18],
  ['SDC', 'own', 'always', 5, 18],
  ['FND', 'own', 'never', 2, 7],
  ['URL', 'own', 'never', 2, 18],
  ['IMS', 'own', 'never', 3, 18],
  ['GCF', 'own', 'never', 11, 12],
  ['LKP', 'own', 'never', 12, 12],
  // circles (3.21)
  ['PUT', 'own', 'always', 18, 18],
  ['DEL', 'own', 'always', 18, 18],
  ['SDG', 'own', 'always', 18, 18],
  // switchboard (3.19, 4.1); USR and OUT as above
  ['XFR', 'own', 'never', 2, 18],
  ['CAL', 'own', 'never', 2, 18],
  ['ANS', 'own', 'never', 2, 18],
  ['MSG', 'own', 'always', 2, 18],
  // private, from our own in-process sessions to our own server: the message of this receipt is stored, or could not be
  ['STO', 'none', 'never', 2, 18],
  ['NST', 'none', 'never', 2, 18],
]

const fromServer: readonly Row[] = [
  // sign-in (3.2 to 3.8)
  ['VER', 'echoed', 'never', 2, 18],
  ['CVR', 'echoed', 'never', 2, 18],
  ['CVQ', 'echoed', 'never', 2, 18],
  ['INF', 'echoed', 'never', 2, 7],
  ['USR', 'echoed', 'never', 2, 18],
  ['XFR', 'either', 'never', 2, 18],
  ['SBS', 'zero', 'never', 11, 18],
  ['OUT', 'none', 'never', 2, 18],
  // keeping alive, challenge (3.15, 3.16)
  ['QNG', 'none', 'never', 2, 18],
  ['CHL', 'zero', 'never', 6, 18],
  ['QRY', 'echoed', 'never', 6, 18],
  // contact list on the wire (3.9, 3.17); from MSNP8 what belongs to a SYN lost its TrID
  ['SYN', 'echoed', 'never', 2, 12],
  ['LST', 'echoed', 'never', 2, 7],
  ['LST', 'none', 'never', 8, 12],
  ['LSG', 'echoed', 'never', 7, 7],
  ['LSG', 'none', 'never', 8, 12],
  ['BPR', 'none', 'never', 5, 12],
  ['PRP', 'before-serial', 'never', 5, 7],
  ['PRP', 'echoed', 'never', 8, 18],
  ['GTC', 'echoed', 'never', 2, 12],
  ['BLP', 'echoed', 'never', 2, 18],
  ['ADD', 'either', 'never', 2, 9],
  ['ADC', 'either', 'never', 10, 12],
  ['REM', 'either', 'never', 2, 12],
  ['REA', 'echoed', 'never', 2, 9],
  ['SBP', 'echoed', 'never', 10, 12],
  ['ADG', 'echoed', 'never', 7, 12],
  ['RMG', 'echoed', 'never', 7, 12],
  ['REG', 'echoed', 'never', 7, 12],
  // contact list kept elsewhere (3.10)
  ['ADL', 'either', 'numbered', 13, 18],
  ['RML', 'either', 'numbered', 13, 18],
  ['FQY', 'echoed', 'numbered', 13, 18],
  ['RFS', 'none', 'never', 13, 18],
  // presence (3.11, 3.13)
  ['CHG', 'either', 'never', 2, 18],
  ['ILN', 'echoed', 'never', 2, 17],
  ['NLN', 'none', 'never', 2, 18],
  ['FLN', 'none', 'never', 2, 18],
  ['UUX', 'echoed', 'numbered', 11, 18],
  ['UBX', 'none', 'always', 11, 18],
  // beside a switchboard (3.14, 3.18)
  ['UUN', 'echoed', 'numbered', 13, 18],
  ['UBN', 'none', 'always', 13, 18],
  ['UBM', 'none', 'always', 14, 18],
  ['NOT', 'none', 'always', 5, 18],
  ['IPG', 'none', 'always', 5, 18],
  ['SND', 'echoed', 'never', 2, 18],
  ['SDC', 'echoed', 'never', 5, 18],
  ['FND', 'echoed', 'never', 2, 7],
  ['URL', 'echoed', 'never', 2, 18],
  ['IMS', 'echoed', 'never', 3, 18],
  ['GCF', 'either', 'numbered', 11, 18],
  ['LKP', 'echoed', 'never', 12, 12],
  // circles (3.21)
  ['PUT', 'echoed', 'numbered', 18, 18],
  ['DEL', 'echoed', 'numbered', 18, 18],
  ['SDG', 'either', 'numbered', 18, 18],
  ['NFY', 'none', 'always', 18, 18],
  // switchboard (3.19, 4.1); USR and OUT as above
  ['RNG', 'none', 'never', 2, 18],
  ['CAL', 'echoed', 'never', 2, 18],
  ['ANS', 'echoed', 'never', 2, 18],
  ['IRO', 'echoed', 'never', 2, 18],
  ['JOI', 'none', 'never', 2, 18],
  ['BYE', 'none', 'never', 2, 18],
  ['MSG', 'none', 'always', 2, 18],
  ['ACK', 'echoed', 'never', 2, 18],
  ['NAK', 'echoed', 'never', 2, 18],
]

const forms: Readonly<Record<Speaker, ReadonlyMap<string, readonly VerbForm[]>>> = {
  client: gather(fromClient),
  server: gather(fromServer),
}

// 1.5: from MSNP13 some errors carry an explanation, `241 5 60`.
const errorForms: readonly VerbForm[] = [
  { trId: 'echoed', payload: 'never', first: 2, last: 12 },
  { trId: 'echoed', payload: 'numbered', first: 13, last: 18 },
]

const unknownForm: VerbForm = { trId: 'echoed', payload: 'never', first: 2, last: 18 }

const errorVerb = /^[0-9]{3}$/

/** Whether a verb is an error reply, three digits (msnp-core.md 1.7). */
export function isErrorVerb(verb: string): boolean {
  return errorVerb.test(verb)
}

/** The forms of a verb, oldest first; none when the table does not have it. Error replies have forms too. */
export function verbForms(from: Speaker, verb: string): readonly VerbForm[] {
  return forms[from].get(verb) ?? (from === 'server' && isErrorVerb(verb) ? errorForms : [])
}

/** Every verb of the table that a speaker says. */
export function verbsOf(from: Speaker): readonly string[] {
  return [...forms[from].keys()]
}

/** Whether a speaker may say this verb in this dialect. */
export function isSpoken(from: Speaker, verb: string, dialect: number): boolean {
  return verbForms(from, verb).some((form) => form.first <= dialect && dialect <= form.last)
}

/**
 * How to read a verb. In a dialect that does not have it, the nearest form still says where the command ends; before VER
 * (`undefined`) it is the newest. A verb that is not in the table is read as a line without payload.
 */
export function formOf(from: Speaker, verb: string, dialect: number | undefined): VerbForm {
  const known = verbForms(from, verb)
  if (dialect === undefined) return known.at(-1) ?? unknownForm
  return known.find((form) => dialect <= form.last) ?? known.at(-1) ?? unknownForm
}

function gather(rows: readonly Row[]): ReadonlyMap<string, readonly VerbForm[]> {
  const gathered = new Map<string, VerbForm[]>()
  for (const [verb, trId, payload, first, last] of rows) {
    const earlier = gathered.get(verb)
    if (earlier) earlier.push({ trId, payload, first, last })
    else gathered.set(verb, [{ trId, payload, first, last }])
  }
  return gathered
}
