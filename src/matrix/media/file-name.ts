// What a file may be called where it is saved.

/** In characters. */
const longest = 100
/** How much of that stays for what stands behind the last dot. */
const longestEnding = 16
const unnamed = 'file'

// Controls, and what turns the direction of writing: "photo\u202Egnp.exe" shows as "photoexe.png".
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const forbidden = /[<>:"/\\|?*]/g
/** Names that Windows has for other things, whatever stands behind the dot. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i

/** A name without a path, without what nobody sees, and no longer than 100 characters; never empty. */
export function fileName(wanted: string): string {
  const last = wanted.slice(0, 4096).split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(invisible, '')
    .replace(forbidden, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(device, '_$&')
  return shortened(clean) || unnamed
}

function shortened(name: string): string {
  const letters = [...name]
  if (letters.length <= longest) return name
  const dot = letters.lastIndexOf('.')
  const ending = dot > 0 && letters.length - dot <= longestEnding ? letters.slice(dot) : []
  return [...letters.slice(0, longest - ending.length), ...ending].join('')
}
