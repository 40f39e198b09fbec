// Where Windows clients keep an account's history (msnp-services.md C1): a name that can be made of an address, not turned back.

/** The folder of an account, `zhuexe1301966960`; compare in any case. Later versions name the files of contacts by the same rule. */
export function historyFolderName(address: string): string {
  const whole = address.toLowerCase()
  let sum = 0
  for (let at = 0; at < whole.length; at++) sum = (Math.imul(sum, 101) + whole.charCodeAt(at)) >>> 0
  const end = whole.indexOf('@')
  return `${end === -1 ? whole : whole.slice(0, end)}${sum}`
}
