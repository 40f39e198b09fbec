// nudge ca: the certificate authority of our own MSN server. It needs no gateway and no Redis.

import type { X509Certificate } from 'node:crypto'
import { X509Certificate as Certificate, createPrivateKey } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Pair } from '../authority/authority.ts'
import { issue, newAuthority } from '../authority/authority.ts'
import type { Config } from '../config.ts'
import { readConfig } from '../config.ts'
import { ConfigError, StartError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { say } from '../core/words.ts'
import { officialHosts } from '../msn/server/web/official-hosts.ts'
import { dayOf, tell } from './tell.ts'

interface Files {
  readonly certFile: string
  readonly keyFile: string
}

/** Makes the authority; never over one that is there. Throws a StartError. */
export async function initAuthority({ config, sha1 }: { config: string; sha1?: true }): Promise<void> {
  const { domain, authority } = await settingsFrom(config)
  const pair = await newAuthority(`Nudge CA of ${domain}`, { sha1: sha1 === true, now: Date.now() })
  await writeNew(authority.keyFile, pair.key.reveal(), 0o600)
  await writeNew(authority.certFile, pair.certificate.toString(), 0o644).catch(async (error: unknown) => {
    // A key beside somebody else's certificate would be taken for its key.
    await rm(authority.keyFile, { force: true })
    throw error
  })
  tell(say({ key: 'ca.made', params: { file: authority.certFile, key: authority.keyFile } }))
}

/** Makes a certificate for old clients, or renews it. Throws a StartError. */
export async function issueCertificate({ config, also }: { config: string; also?: readonly string[] }): Promise<void> {
  const { domain, loginUrl, authority, vintageTls } = await settingsFrom(config)
  const own = [domain, ...(loginUrl === undefined ? [] : [new URL(loginUrl).hostname]), ...(also ?? [])]
  for (const name of also ?? [])
    if (!/^[a-z0-9.-]+$/i.test(name)) throw new StartError(say({ key: 'ca.bad-name', params: { name } }))
  const [first = domain, ...others] = new Set([...own, ...officialHosts.map(({ name }) => name)])
  const pair = await issue(await readAuthority(authority), [first, ...others], Date.now())
  await replace(vintageTls.keyFile, pair.key.reveal(), 0o600)
  await replace(vintageTls.certFile, pair.certificate.toString(), 0o644)
  tell(say({ key: 'ca.issued', params: { file: vintageTls.certFile, until: dayOf(pair.certificate.validToDate) } }))
}

/** Prints the authority and what it issued, as who installs it should compare it. Throws a StartError. */
export async function showAuthority({ config }: { config: string }): Promise<void> {
  const { authority, vintageTls } = await settingsFrom(config)
  const own = await readCertificate(authority.certFile)
  tell(say({ key: 'ca.own', params: { name: nameOf(own), until: dayOf(own.validToDate) } }))
  tell(say({ key: 'ca.prints', params: { sha256: own.fingerprint256, sha1: own.fingerprint } }))
  const server = await readCertificate(vintageTls.certFile).catch(() => undefined)
  if (server === undefined) return tell(say({ key: 'ca.none-issued' }))
  const names = (server.subjectAltName ?? '').replaceAll(/(?:DNS|IP Address):/g, '')
  tell(say({ key: 'ca.shows-issued', params: { file: vintageTls.certFile, until: dayOf(server.validToDate), names } }))
}

async function settingsFrom(file: string): Promise<NonNullable<Config['msn']>> {
  const { msn } = await readConfig(file)
  if (!msn) throw new ConfigError(say({ key: 'account.no-server' }))
  return msn
}

async function readAuthority({ certFile, keyFile }: Files): Promise<Pair> {
  const certificate = await readCertificate(certFile)
  const key = new Secret(await read(keyFile))
  if (!isKeyOf(certificate, key))
    throw new StartError(say({ key: 'ca.no-pair', params: { certificate: certFile, key: keyFile } }))
  return { certificate, key }
}

async function readCertificate(file: string): Promise<X509Certificate> {
  const text = await read(file)
  try {
    return new Certificate(text)
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException)
  }
}

function isKeyOf(certificate: X509Certificate, key: Secret): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key.reveal()))
  } catch {
    return false
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error)
  })
}

function unreadable(file: string, error: NodeJS.ErrnoException): StartError {
  return new StartError(say({ key: 'ca.unreadable', params: { file, reason: error.code ?? error.message } }))
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new StartError(say({ key: 'ca.exists', params: { file } }))
    throw notWritten(file, error)
  })
}

/** In one step: a server that starts meanwhile finds the old or the new. */
async function replace(file: string, text: string, mode: number): Promise<void> {
  const fresh = `${file}.new`
  try {
    await rm(fresh, { force: true })
    await writeFile(fresh, text, { flag: 'wx', mode })
    await rename(fresh, file)
  } catch (error) {
    throw notWritten(file, error as NodeJS.ErrnoException)
  }
}

function notWritten(file: string, error: NodeJS.ErrnoException): StartError {
  return new StartError(say({ key: 'ca.not-written', params: { file, reason: error.code ?? error.message } }))
}

const nameOf = ({ subject }: X509Certificate) => /CN=(.*)/.exec(subject)?.[1] ?? subject
