// The whole key space, on one page. `{…}` is a part of the key; every key begins with redis.prefix ("nudge").
//
//   schema                          string   the format of what is below (migrations.ts)
//   seal                            string   a sealed word that shows whether the key is the right one (seal.ts)
//
//   user:{user}                     string   JSON of User
//   user-at:{address}               string   which user lives there
//   users                           set      of user ids
//   login:{login}                   string   JSON of Login
//   login-at:{address}              string   which login it is
//   logins-of:{user}                set      of login ids
//   logins                          set      of login ids
//   credentials:{login}             string   sealed JSON of Credentials
//   contacts:{login}                hash     address → JSON of Contact
//   ghosts:{network}                hash     address of the person → JSON of Ghost
//   portal:{portal}                 hash     claim: JSON of Portal · room, at: its room and the key of that · relays
//   portal-of:{conversation}        string   `{portal} {end}`
//   portals                         set      of portal ids
//   message:{conversation}:{id}     string   JSON of what we sent as this message; forgotten after 30 days
//   carried:{conversation}:{id}     string   the same, under the message that it carries on; forgotten after 30 days
//   notice:{delivery}               string   JSON of what our bot told by it; forgotten after 30 days
//   trace:{delivery}                list     JSON of Step; forgotten after 30 days
//   dialogue:{user}                 string   JSON of Dialogue; forgotten after 10 minutes
//   record:{noun}                   hash     id → JSON
//   ticket:{purpose}:{hash}         string   JSON of the claim; forgotten when it is no longer good
//
//   outbox:{line}                   list     `{delivery id} {JSON of Delivery}`, oldest first
//   outbox:{line}:state             hash     fence: who drains · tries: of the head · told: how many know that they wait · until: whom they wait for · rests: until its next try
//   outbox-seen:{delivery}          string   was pushed; forgotten after 7 days
//   outbox-due                      zset     every line that holds something → when to look at it at the latest (ms)
//   outbox-waiting:{address}        set      of lines that wait for somebody
//   outbox-returned:{address}       string   the fence at their last return; forgotten after an hour
//   outbox-fence                    string   counter
//   outbox-unreadable               list     entries that could not be read, kept for whoever can
//   wake:*                                   BullMQ's own: wake-ups of lines, holds nothing that cannot be lost

import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { LineId } from '../core/line.ts'
import type { LoginId } from '../core/login.ts'
import type { PortalId } from '../core/portal.ts'
import type { UserId } from '../core/user.ts'

/** The keys under one prefix. */
export function keySpace(prefix: string) {
  return {
    schema: `${prefix}:schema`,
    seal: `${prefix}:seal`,
    user: (id: UserId) => `${prefix}:user:${id}`,
    users: `${prefix}:users`,
    userAt: (home: Address) => `${prefix}:user-at:${addressKey(home)}`,
    login: (id: LoginId) => `${prefix}:login:${id}`,
    loginAt: (address: Address) => `${prefix}:login-at:${addressKey(address)}`,
    loginsOf: (user: UserId) => `${prefix}:logins-of:${user}`,
    logins: `${prefix}:logins`,
    credentials: (id: LoginId) => `${prefix}:credentials:${id}`,
    contacts: (login: LoginId) => `${prefix}:contacts:${login}`,
    ghosts: (network: NetworkId) => `${prefix}:ghosts:${network}`,
    portal: (id: PortalId) => `${prefix}:portal:${id}`,
    portalOf: (conversation: Conversation) => `${prefix}:portal-of:${conversationKey(conversation)}`,
    portals: `${prefix}:portals`,
    message: (conversation: Conversation, id: RemoteId) => `${prefix}:message:${conversationKey(conversation)}:${id}`,
    carried: (conversation: Conversation, id: RemoteId) => `${prefix}:carried:${conversationKey(conversation)}:${id}`,
    notice: (delivery: DeliveryId) => `${prefix}:notice:${delivery}`,
    trace: (delivery: DeliveryId) => `${prefix}:trace:${delivery}`,
    dialogue: (user: UserId) => `${prefix}:dialogue:${user}`,
    record: (noun: string) => `${prefix}:record:${noun}`,
    ticket: (purpose: string, hash: string) => `${prefix}:ticket:${purpose}:${hash}`,
    outbox: {
      line: (line: LineId) => `${prefix}:outbox:${line}`,
      state: (line: LineId) => `${prefix}:outbox:${line}:state`,
      seen: (id: DeliveryId) => `${prefix}:outbox-seen:${id}`,
      due: `${prefix}:outbox-due`,
      waiting: (who: Address) => `${prefix}:outbox-waiting:${addressKey(who)}`,
      returned: (who: Address) => `${prefix}:outbox-returned:${addressKey(who)}`,
      fence: `${prefix}:outbox-fence`,
      unreadable: `${prefix}:outbox-unreadable`,
    },
    /** BullMQ puts the name of its queue, `wake`, behind this. */
    queuePrefix: prefix,
  }
}

export type Keys = ReturnType<typeof keySpace>
