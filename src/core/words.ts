// Every sentence that a person reads comes from one catalogue, with named parameters. A language is a folder beside `en`.

import { en } from './words/en/index.ts'

const catalogues = { en }

export type Locale = keyof typeof catalogues
export type PhraseKey = keyof typeof en

/** The names in braces of a sentence. */
type Names<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never

/** A sentence of the catalogue with what goes into it; plain JSON. */
export type Phrase = {
  [Key in PhraseKey]: Names<(typeof en)[Key]> extends never
    ? { readonly key: Key; readonly params?: undefined }
    : { readonly key: Key; readonly params: { readonly [Name in Names<(typeof en)[Key]>]: string | number } }
}[PhraseKey]

/** The locales there are. */
export const locales = Object.keys(catalogues) as Locale[]

/** The sentence in a language. */
export function say(phrase: Phrase, locale: Locale = 'en'): string {
  const params: Readonly<Record<string, string | number>> = phrase.params ?? {}
  return catalogues[locale][phrase.key].replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole))
}

/** Reads a phrase that was stored. Undefined when this catalogue has no such sentence. */
export function phraseFrom(value: unknown): Phrase | undefined {
  if (typeof value !== 'object' || value === null || !('key' in value) || typeof value.key !== 'string') return undefined
  if (!Object.hasOwn(en, value.key)) return undefined
  return value as Phrase
}
