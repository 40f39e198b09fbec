// What a user may type as an account.

const form = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/
/** In bytes. */
const longest = 129

/** Whether a text has the form `name@example.com`, in what MSN accepts: msnp-core.md 1.6. */
export function isAccount(text: string): boolean {
  return form.test(text) && Buffer.byteLength(text) <= longest
}
