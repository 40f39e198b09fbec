import { X509Certificate } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { initAuthority, issueCertificate, showAuthority } from '../../src/cli/ca.ts'
import { officialHosts } from '../../src/msn/server/web/official-hosts.ts'
import { cliFolder } from '../support/cli-folder.ts'

const stage = cliFolder()
let config: string

beforeEach(async () => {
  config = stage.in('nudge.yaml')
  await writeFile(config, 'msn: { domain: msn.example.org, loginUrl: "https://login.example.org/login2.srf" }\n')
})

const certificate = async (name: string) => new X509Certificate(await readFile(stage.in(name)))

describe('nudge ca', () => {
  it('makes an authority whose key only its owner can read, once', async () => {
    await initAuthority({ config })
    const own = await certificate('nudge-ca.crt')
    expect([own.ca, own.subject]).toEqual([true, 'O=Nudge\nCN=Nudge CA of msn.example.org'])
    expect((await stat(stage.in('nudge-ca.key'))).mode & 0o777).toBe(0o600)
    expect(stage.printed).toContain('nudge ca issue')
    await expect(initAuthority({ config })).rejects.toThrow('nudge-ca.key is there already')
    expect((await certificate('nudge-ca.crt')).fingerprint256).toBe(own.fingerprint256)
  })

  it('issues a certificate for every host name that old clients call, and our own names', async () => {
    await initAuthority({ config, sha1: true })
    await issueCertificate({ config, also: ['192.0.2.7', 'msn.lan'] })
    const issued = await certificate('nudge-tls.crt')
    expect(issued.checkIssued(await certificate('nudge-ca.crt'))).toBe(true)
    expect(issued.signatureAlgorithm).toBe('sha1WithRSAEncryption')
    for (const host of ['msn.example.org', 'login.example.org', 'msn.lan', ...officialHosts.map(({ name }) => name)])
      expect(issued.checkHost(host), host).toBe(host)
    expect(issued.checkIP('192.0.2.7')).toBe('192.0.2.7')
    expect((await stat(stage.in('nudge-tls.key'))).mode & 0o777).toBe(0o600)
  })

  it('renews the certificate', async () => {
    await initAuthority({ config })
    await issueCertificate({ config })
    const { serialNumber } = await certificate('nudge-tls.crt')
    await issueCertificate({ config })
    expect((await certificate('nudge-tls.crt')).serialNumber).not.toBe(serialNumber)
  })

  it('shows what to compare, and no key', async () => {
    await initAuthority({ config })
    await showAuthority({ config })
    expect(stage.printed).toContain('It issued no certificate yet')
    await issueCertificate({ config })
    await showAuthority({ config })
    const { fingerprint256, fingerprint } = await certificate('nudge-ca.crt')
    for (const text of [fingerprint256, fingerprint, 'Nudge CA of msn.example.org', 'login.live.com'])
      expect(stage.printed).toContain(text)
    expect(stage.printed).not.toContain('PRIVATE')
  })

  it('leaves no key behind where the certificate is there already', async () => {
    await initAuthority({ config })
    await rm(stage.in('nudge-ca.key'))
    await expect(initAuthority({ config })).rejects.toThrow('nudge-ca.crt is there already')
    await expect(issueCertificate({ config })).rejects.toThrow(/nudge-ca\.key: cannot be read \(ENOENT\)/)
  })

  it('says which file is none of its kind, or not of the pair, and shows nothing of it', async () => {
    await initAuthority({ config })
    await writeFile(stage.in('nudge-ca.key'), 'dagger')
    await expect(issueCertificate({ config })).rejects.toThrow(/nudge-ca\.key is not the key of .*nudge-ca\.crt\.$/)
    await writeFile(stage.in('nudge-ca.crt'), 'dagger')
    await expect(showAuthority({ config })).rejects.toThrow(/nudge-ca\.crt: cannot be read \(ERR_/)
  })

  it('says what is missing', async () => {
    await expect(issueCertificate({ config })).rejects.toThrow(/nudge-ca\.crt: cannot be read \(ENOENT\)/)
    await expect(showAuthority({ config })).rejects.toThrow('"nudge ca init" makes the authority')
    await initAuthority({ config })
    await expect(issueCertificate({ config, also: ['*'] })).rejects.toThrow('--also: found "*"')
    await writeFile(
      config,
      'matrix: { homeserver: "http://127.0.0.1:1", domain: a.b, asToken: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, hsToken: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb }',
    )
    await expect(initAuthority({ config })).rejects.toThrow('no section "msn"')
  })
})
