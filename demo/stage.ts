// How the play looks on a terminal.

import { styleText } from 'node:util'

/** Those who speak, each with a colour. */
const colours = { Romeo: 'cyan', Juliet: 'magenta', Rosaline: 'yellow', Bot: 'green' } as const
export type Speaker = keyof typeof colours

/** A line of the narrator. */
export function narrate(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A heading. */
export function scene(text: string): void {
  narrate(`\n${styleText('bold', text)}`)
}

/** Somebody does something at their end: `Romeo   Matrix   says   …`. */
export function show(who: Speaker, where: string, does: string, what: string): void {
  narrate(`  ${styleText(colours[who], who.padEnd(9))}${where.padEnd(8)}${does.padEnd(9)}${what}`)
}

export function quote(text: string): string {
  return `“${text}”`
}
