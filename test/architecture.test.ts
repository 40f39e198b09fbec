// Who may import whom: a folder imports itself, core/ and packages; core/ imports only itself and Node; inside msn/ each folder
// imports those before it. Files directly under src/, and cli/, put the parts together and may import anything.
import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join, posix } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')
const insideMsn = ['wire', 'model', 'auth', 'soap', 'dialect', 'content', 'client', 'server']
const imported = /(?:^\s*import|\bfrom|\bimport\()\s*['"]([^'"]+)['"]/

/** Why a file may not import what it does, or undefined when it may. Both are seen from src/. */
function objection(file: string, target: string): string | undefined {
  const [folder, inner] = placeOf(file)
  if (folder === '' || folder === 'cli') return undefined
  if (!target.startsWith('.')) return folder === 'core' && !isBuiltin(target) ? 'core/ has no dependencies' : undefined
  const [otherFolder, otherInner] = placeOf(posix.join(dirname(file), target))
  if (folder !== otherFolder)
    return otherFolder === 'core' ? undefined : `${folder}/ may not import ${otherFolder || 'the assembly'}`
  if (folder !== 'msn' || inner === '' || inner === otherInner) return undefined
  if (inner === 'server' && otherInner === 'client') return 'msn/server and msn/client never meet'
  const isBefore = otherInner !== '' && insideMsn.indexOf(otherInner) < insideMsn.indexOf(inner)
  return isBefore
    ? undefined
    : `msn/${inner} may not import ${otherInner === '' ? 'files directly in msn/' : `msn/${otherInner}`}`
}

/** The folder under src/ and the folder inside that; '' where there is none. */
function placeOf(file: string): [string, string] {
  const folders = file.split('/').slice(0, -1)
  return [folders[0] ?? '', folders[1] ?? '']
}

test('every import goes the way that the folders allow', () => {
  const files = globSync('**/*.ts', { cwd: src })
  const objections = files.flatMap((file) =>
    readFileSync(join(src, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const target = imported.exec(line)?.[1]
        const reason = target === undefined ? undefined : objection(file, target)
        return reason === undefined ? [] : [`src/${file}:${index + 1}: ${line.trim()}  (${reason})`]
      }),
  )
  expect(files.length).toBeGreaterThan(20)
  expect(objections).toEqual([])
})

test('every folder inside msn has its place in the order', () => {
  const folders = globSync('msn/*/', { cwd: src }).map((folder) => basename(folder))
  expect(folders.filter((folder) => !insideMsn.includes(folder))).toEqual([])
})

test.each([
  ['core/event.ts', 'zod'],
  ['core/event.ts', '../gateway/relay.ts'],
  ['gateway/relay.ts', '../matrix/send.ts'],
  ['matrix/send.ts', '../msn/address.ts'],
  ['matrix/send.ts', '../app.ts'],
  ['msn/wire/decoder.ts', '../model/status.ts'],
  ['msn/server/listener.ts', '../client/session.ts'],
  ['msn/client/session.ts', '../server/listener.ts'],
  ['msn/client/session.ts', '../config.ts'],
])('%s may not import %s', (file, target) => {
  expect(objection(file, target)).toBeDefined()
})

test.each([
  ['app.ts', './msn/network.ts'],
  ['cli/init.ts', '../config.ts'],
  ['core/event.ts', 'node:crypto'],
  ['matrix/send.ts', 'ioredis'],
  ['matrix/send.ts', '../core/event.ts'],
  ['msn/server/notification/usr.ts', '../session.ts'],
  ['msn/server/notification/usr.ts', '../../wire/command.ts'],
  ['msn/network.ts', './client/session.ts'],
])('%s may import %s', (file, target) => {
  expect(objection(file, target)).toBeUndefined()
})
