import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { officialHosts } from '../../../../src/msn/server/web/official-hosts.ts'

test('every host name that clients have built in stands in docs/connect.md, under its generation', async () => {
  const doc = await readFile(new URL('../../../../docs/connect.md', import.meta.url), 'utf8')
  const rows = doc.split('\n').filter((line) => line.startsWith('| '))
  for (const { name, since } of officialHosts) {
    const row = rows.find((line) => line.includes(`\`${name}\``) && /^\| (MSN )?[\d.]+ \|/.test(line))
    expect(row, name).toMatch(new RegExp(`^\\| (MSN )?${since.replace('.', '\\.')} \\|`))
  }
})

test('no name is there twice', () => {
  const names = officialHosts.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
