// What an address book keeps about somebody besides name and groups: a flat map from a path to a text, so that it is stored, compared and bounded as
// one thing (msnp-services.md A10, A11). A path is the name of an element, such as `firstName`, or `list/type/field`, such as
// `phones/ContactPhoneMobile/number`.

import { never } from './contact-date.ts'
import type { Element, Xml } from './xml.ts'
import { childOf, childrenOf, escapeXml, tag, textOf, textTag } from './xml.ts'

/** By path. In a change, an empty text takes the detail away. */
export type Details = Readonly<Record<string, string>>

interface DetailList {
  readonly name: string
  readonly item: string
  /** The element that tells the items of one list apart. */
  readonly key: string
  readonly fields: readonly string[]
  /** Where an item says what has changed in it. */
  readonly changes?: string
}

/** In the order of the services' own description. */
const lists: readonly DetailList[] = [
  {
    name: 'emails',
    item: 'ContactEmail',
    key: 'contactEmailType',
    fields: ['email', 'isMessengerEnabled', 'Capability', 'MessengerEnabledExternally'],
    changes: 'propertiesChanged',
  },
  {
    name: 'phones',
    item: 'ContactPhone',
    key: 'contactPhoneType',
    fields: ['number', 'isMessengerEnabled'],
    changes: 'propertiesChanged',
  },
  {
    name: 'locations',
    item: 'ContactLocation',
    key: 'contactLocationType',
    fields: ['name', 'street', 'city', 'state', 'country', 'postalCode'],
    changes: 'Changes',
  },
  { name: 'webSites', item: 'ContactWebSite', key: 'contactWebSiteType', fields: ['webURL'] },
  { name: 'annotations', item: 'Annotation', key: 'Name', fields: ['Value'] },
]

/** The elements that hold one text, with what a contact has who has said nothing. The order is theirs in `contactInfo`, see contact.ts. */
const plain: Readonly<Record<string, string | undefined>> = {
  quickName: undefined,
  firstName: undefined,
  MiddleName: undefined,
  lastName: undefined,
  Suffix: undefined,
  NameTitle: undefined,
  comment: undefined,
  IsNotMobileVisible: 'false',
  isMobileIMEnabled: 'false',
  isFavorite: 'false',
  isSmtp: 'false',
  hasSpace: 'false',
  spotWatchState: 'NoDevice',
  birthdate: never,
  primaryEmailType: 'ContactEmailPersonal',
  PrimaryLocation: 'ContactLocationPersonal',
  PrimaryPhone: 'ContactPhonePersonal',
  IsPrivate: 'false',
  Anniversary: undefined,
  Gender: 'Unspecified',
  TimeZone: 'None',
}

/** Types and names of annotations are words. */
const typeForm = /^[\w.-]{1,64}$/
/** In characters. */
const longestText = 1024

/** The path of an annotation. */
export function annotation(name: string): string {
  return `annotations/${name}/Value`
}

/** The lists of details that are there, in order. `asChange`: the items say what is new in them. */
export function writeDetailLists(details: Details, asChange = false): Xml[] {
  return lists.flatMap((list) => {
    const types = new Map<string, Map<string, string>>()
    for (const [path, text] of Object.entries(details)) {
      const [name, type = '', field = ''] = path.split('/')
      if (name !== list.name) continue
      types.set(type, (types.get(type) ?? new Map<string, string>()).set(field, text))
    }
    if (types.size === 0) return []
    const items = [...types].map(([type, fields]) =>
      tag(list.item, [
        textTag(list.key, type),
        ...list.fields.map((field) => (fields.has(field) ? textTag(field, fields.get(field) ?? '') : undefined)),
        list.changes ? textTag(list.changes, asChange ? [...fields.keys()].map(capital).join(' ') : '') : undefined,
      ]),
    )
    return [tag(list.name, items)]
  })
}

/** A detail that is one text, as its element; nothing where there is none and no default. */
export function writePlainDetail(name: string, details: Details): Xml | undefined {
  const text = details[name] ?? plain[name]
  return text === undefined ? undefined : tag(name, escapeXml(text))
}

/** Every detail in a `contactInfo`; what is as for everybody is left out. */
export function readDetails(info: Element | undefined): Details {
  const details: Record<string, string> = {}
  for (const [path, text] of given(info)) if (text !== '' && text !== plain[path]) details[path] = text
  return details
}

/**
 * The details that a change is about: those that are given, and those that are listed as changed but absent, which are taken away. Without any list,
 * all that are given.
 */
export function readDetailChanges(info: Element | undefined, changed: ReadonlySet<string> | undefined): Details {
  const changes: Record<string, string> = {}
  const isMeant = (name: string) => changed === undefined || changed.has(wordOf(name))
  for (const name of Object.keys(plain)) if (changed?.has(wordOf(name))) changes[name] = ''
  for (const list of lists) {
    if (!isMeant(list.item)) continue
    for (const item of childrenOf(childOf(info, list.name), list.item)) Object.assign(changes, takenAway(list, item))
  }
  for (const [path, text] of given(info)) {
    const [name = '', type] = path.split('/')
    const list = type === undefined ? undefined : lists.find((each) => each.name === name)
    if (isMeant(list?.item ?? name)) changes[path] = text
  }
  return changes
}

/** The words by which a change says what it is about. */
export function changeWords(changes: Details): string[] {
  const names = Object.keys(changes).map((path) => lists.find(({ name }) => path.startsWith(`${name}/`))?.item ?? path)
  return [...new Set(names)].map((name) => changeWord[name] ?? capital(name))
}

/** Details after a change. */
export function withChanges(details: Details, changes: Details): Details {
  return Object.fromEntries(
    Object.entries({ ...details, ...changes }).filter(([path, text]) => text !== '' && text !== plain[path]),
  )
}

/** Words that clients begin with `Contact` are compared without it, and without regard to case. */
export function wordOf(name: string): string {
  return name.replace(/^Contact/, '').toLowerCase()
}

/** The words that are not the name of their element. */
const changeWord: Readonly<Record<string, string>> = {
  quickName: 'ContactQuickName',
  firstName: 'ContactFirstName',
  lastName: 'ContactLastName',
  primaryEmailType: 'ContactPrimaryEmailType',
  birthdate: 'ContactBirthDate',
}

function* given(info: Element | undefined): Generator<[path: string, text: string]> {
  for (const { name, item, key, fields } of lists) {
    for (const element of childrenOf(childOf(info, name), item)) {
      const type = textOf(element, key) ?? ''
      if (!typeForm.test(type)) continue
      for (const field of fields) {
        const text = textOf(element, field)
        if (text !== undefined) yield [`${name}/${type}/${field}`, text.slice(0, longestText)]
      }
    }
  }
  for (const name of Object.keys(plain)) {
    const text = textOf(info, name)
    if (text !== undefined) yield [name, text.slice(0, longestText)]
  }
}

function takenAway({ name, key, fields, changes }: DetailList, item: Element): Record<string, string> {
  const type = textOf(item, key) ?? ''
  const words = new Set((changes === undefined ? '' : (textOf(item, changes) ?? '')).split(/\s+/).map(wordOf))
  if (!typeForm.test(type)) return {}
  return Object.fromEntries(fields.filter((field) => words.has(wordOf(field))).map((field) => [`${name}/${type}/${field}`, '']))
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
