// A string that only one place may make. The brand exists for the compiler alone.

declare const brand: unique symbol

/** `Text` that cannot be mistaken for another kind of text. */
export type Brand<Name extends string> = string & { readonly [brand]: Name }
