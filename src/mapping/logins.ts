// Accounts that users lend us. Their credentials lie beside them, sealed for this login and no other.

import type { Redis } from 'ioredis'
import type { Address } from '../core/address.ts'
import type { Credentials, Login, LoginId, LoginState } from '../core/login.ts'
import { Secret } from '../core/secret.ts'
import type { Logins } from '../core/stores.ts'
import type { UserId } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Keys } from './keys.ts'
import { changeRecord, parseRecord, readRecord, scanned } from './record.ts'
import { credentialsShape, loginShape, randomId } from './schema.ts'
import type { Seal } from './seal.ts'

/** KEYS login-at login credentials logins-of logins · ARGV id user record sealed → ok, taken by another user, or moved: another id holds the address. */
const saveScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 'moved' end
local known = redis.call('GET', KEYS[2])
if known and cjson.decode(known).user ~= ARGV[2] then return 'taken' end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[3])
redis.call('SET', KEYS[3], ARGV[4])
redis.call('SADD', KEYS[4], ARGV[1])
redis.call('SADD', KEYS[5], ARGV[1])
return 'ok'
`

/** KEYS login-at login credentials contacts logins-of logins · ARGV id. */
const removeScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
redis.call('SREM', KEYS[5], ARGV[1])
redis.call('SREM', KEYS[6], ARGV[1])
`

export class RedisLogins implements Logins {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #seal: Seal

  constructor(redis: Redis, keys: Keys, seal: Seal) {
    this.#redis = redis
    this.#keys = keys
    this.#seal = seal
  }

  async save(user: UserId, address: Address, credentials: Credentials): Promise<Login | undefined> {
    const keys = this.#keys
    for (;;) {
      const id = ((await this.#redis.get(keys.loginAt(address))) ?? randomId()) as LoginId
      const login: Login = { id, user, address, state: 'offline' }
      const sealed = this.#seal.seal(JSON.stringify({ password: credentials.password.reveal() }), id)
      const names = [keys.loginAt(address), keys.login(id), keys.credentials(id), keys.loginsOf(user), keys.logins]
      const answer = await this.#redis.eval(saveScript, names.length, ...names, id, user, JSON.stringify(login), sealed)
      if (answer === 'ok') return login
      if (answer === 'taken') return undefined
    }
  }

  async get(id: LoginId): Promise<Login | undefined> {
    return readRecord(this.#redis, this.#keys.login(id), loginShape)
  }

  async find(address: Address): Promise<Login | undefined> {
    const id = await this.#redis.get(this.#keys.loginAt(address))
    return id === null ? undefined : this.get(id as LoginId)
  }

  async of(user: UserId): Promise<Login[]> {
    const ids = await this.#redis.smembers(this.#keys.loginsOf(user))
    const logins = await Promise.all(ids.map((id) => this.get(id as LoginId)))
    return logins.filter((login) => login !== undefined)
  }

  async *all(): AsyncIterable<Login> {
    const { logins } = this.#keys
    for await (const [id] of scanned((cursor) => this.#redis.sscan(logins, cursor, 'COUNT', 100), 1)) {
      const login = await this.get(id as LoginId)
      if (login) yield login
    }
  }

  async credentials(id: LoginId): Promise<Credentials | undefined> {
    const key = this.#keys.credentials(id)
    const sealed = await this.#redis.get(key)
    if (sealed === null) return undefined
    const { password } = parseRecord(key, this.#seal.open(sealed, id), credentialsShape)
    return { password: new Secret(password) }
  }

  async setState(id: LoginId, state: LoginState, reason?: Phrase, past: Pick<Login, 'since' | 'isTold'> = {}): Promise<void> {
    await changeRecord(this.#redis, this.#keys.login(id), loginShape, ({ user, address }) => ({
      ...{ id, user, address, state },
      ...(reason && { reason }),
      ...past,
    }))
  }

  async remove(id: LoginId): Promise<void> {
    const login = await this.get(id)
    if (!login) return
    const keys = this.#keys
    const names = [
      keys.loginAt(login.address),
      keys.login(id),
      keys.credentials(id),
      keys.contacts(id),
      keys.loginsOf(login.user),
      keys.logins,
    ]
    await this.#redis.eval(removeScript, names.length, ...names, id)
  }
}
