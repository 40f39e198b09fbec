// HTTPS for old clients as an operator sets it up: whole processes.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NudgeProcess, runNudge } from '../support/nudge-process.ts'

const msn = {
  domain: 'verona.test',
  notificationPort: 0,
  switchboardPort: 0,
  http: { port: 0 },
  vintageTls: { enabled: true, port: 0 },
}

let folder: string
let nudge: NudgeProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nudge-ca-'))
  nudge = await NudgeProcess.withConfig(join(folder, 'nudge.yaml'), { log: { format: 'json' }, msn })
})

afterAll(async () => {
  await nudge.stop()
  await rm(folder, { recursive: true, force: true })
})

const ca = (word: string) => runNudge(['ca', word, '--config', nudge.configFile])

it('refuses to start without a certificate, and says what makes one', async () => {
  await expect(nudge.start()).rejects.toThrow(/nudge-tls\.crt: cannot be read \(ENOENT\).*"nudge ca init", then "nudge ca issue"/)
})

it('serves by TLS 1.0 with what nudge ca made, and hands the authority out', async () => {
  expect(await ca('init')).toMatchObject({ code: 0, errors: '' })
  expect(await ca('issue')).toMatchObject({ code: 0, errors: '' })
  await nudge.start()
  const authority = await readFile(join(folder, 'nudge-ca.crt'), 'utf8')
  const place = new URL(String(nudge.places['https']))
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request(
      {
        ...{ host: place.hostname, port: place.port, path: '/ca/nudge-ca.pem', servername: 'login.live.com', ca: authority },
        ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'AES128-SHA:@SECLEVEL=0', agent: false },
      },
      async (response) => resolve((await response.toArray()).join('')),
    )
    asked.on('error', reject).end()
  })
  expect(text).toBe(authority)
  expect(nudge.written).not.toContain('PRIVATE')
})
