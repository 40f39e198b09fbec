// What our bot lists, made easy to look through: the name of each command stands out, and so does what stands above them.

import type { Run } from '../../core/content.ts'

/** `• login [network] [account]: what it does`. Longer beginnings are sentences. */
const item = /^• ([a-z-]+)(?=[^:]{0,80}:)/

/** The runs of a text of ours. One without such a list is one run. */
export function emphasised(text: string): Run[] {
  const lines = text.split('\n')
  if (!lines.some((line) => item.test(line))) return [{ text }]
  return lines.flatMap((line, index) => {
    const end = index < lines.length - 1 ? '\n' : ''
    const [, name = ''] = item.exec(line) ?? []
    if (name !== '') return [{ text: '• ' }, bold(name), { text: line.slice(2 + name.length) + end }]
    const isHeading = line !== '' && item.test(lines[index + 1] ?? '')
    return isHeading ? [{ ...bold(line), text: line + end }] : [{ text: line + end }]
  })
}

function bold(text: string): Run {
  return { text, style: { bold: true } }
}
