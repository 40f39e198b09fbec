// The steps of the outbox that must be one step. After an outage a command whose answer was lost is sent again
// (src/redis/connection.ts), so each of them may run twice: it compares ids and fences before it takes anything away.
//
// An entry is `{id} {JSON}`. In the state of a line, `fence` names the one drain that may take from it; `tries` counts the tries
// of the head that may have reached the network; `told` counts the deliveries, from the head on, whose senders know that they wait;
// `until` is there while the line waits for somebody, `rests` while it waits to be tried again: then nothing of it is under way.

import { Script } from './script.ts'

/**
 * KEYS line state seen due · ARGV id entry seconds due-at line → 0: was there before, 1: appended, +2: wake the line.
 * A line that held something is awake already, unless it waits for somebody; what that misses is due before long.
 */
export const pushScript = new Script(`
local fresh = redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[3])
local length
if fresh then length = redis.call('RPUSH', KEYS[1], ARGV[2]) else length = redis.call('LLEN', KEYS[1]) end
if length == 0 then return 0 end
local result = fresh and 1 or 0
if length == 1 or not fresh or redis.call('HEXISTS', KEYS[2], 'until') == 1 then
  redis.call('ZADD', KEYS[4], 'LT', ARGV[4], ARGV[5])
  return result + 2
end
return result
`)

/** KEYS line state due fence · ARGV due-at line → nothing, or {fence, tries before this one, told, entry}. Draws a new fence. */
export const takeScript = new Script(`
local head = redis.call('LINDEX', KEYS[1], 0)
if not head then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[2])
  return false
end
local fence = redis.call('INCR', KEYS[4])
redis.call('HSET', KEYS[2], 'fence', fence)
redis.call('HDEL', KEYS[2], 'until', 'rests')
redis.call('ZADD', KEYS[3], ARGV[1], ARGV[2])
local tries = redis.call('HINCRBY', KEYS[2], 'tries', 1)
return {fence, tries - 1, tonumber(redis.call('HGET', KEYS[2], 'told') or 0), head}
`)

/**
 * KEYS line state due unreadable · ARGV fence id line go-on keep → -1: not the holder, 0: empty, 1: there is more, or {fence, tries, told, entry}:
 * the next one, taken. Without go-on nothing is taken. With keep the head goes to the list of the unreadable.
 */
export const popScript = new Script(`
local state = redis.call('HMGET', KEYS[2], 'fence', 'told')
if state[1] ~= ARGV[1] then return -1 end
local told = tonumber(state[2] or 0)
local head = redis.call('LINDEX', KEYS[1], 0)
if head and (head == ARGV[2] or string.sub(head, 1, #ARGV[2] + 1) == ARGV[2] .. ' ') then
  redis.call('LPOP', KEYS[1])
  if ARGV[5] == '1' then redis.call('RPUSH', KEYS[4], head) end
  redis.call('HDEL', KEYS[2], 'tries')
  if told > 0 then told = redis.call('HINCRBY', KEYS[2], 'told', -1) end
  head = redis.call('LINDEX', KEYS[1], 0)
end
if not head then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[3])
  return 0
end
if ARGV[4] == '0' then return 1 end
local tries = redis.call('HINCRBY', KEYS[2], 'tries', 1)
return {tonumber(ARGV[1]), tries - 1, told, head}
`)

/**
 * KEYS line state due waiting returned · ARGV fence address told due-at line begun → -1: not the holder, 0: they are back, 1: more have to be told, 2: parked.
 * A try that found nobody reached no network, so it does not count as one; but where a part arrived (begun, 1) it does.
 */
export const parkScript = new Script(`
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[2], 'told', ARGV[3])
if redis.call('LLEN', KEYS[1]) > tonumber(ARGV[3]) then return 1 end
if tonumber(redis.call('GET', KEYS[5]) or 0) > tonumber(ARGV[1]) then return 0 end
if ARGV[6] == '0' and redis.call('HEXISTS', KEYS[2], 'until') == 0 then redis.call('HINCRBY', KEYS[2], 'tries', -1) end
redis.call('HSET', KEYS[2], 'until', ARGV[2])
redis.call('SADD', KEYS[4], ARGV[5])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[5])
return 2
`)

/** KEYS waiting returned fence due · ARGV seconds due-at → the lines that waited. A drain that took before this fence does not park. */
export const returnScript = new Script(`
redis.call('SET', KEYS[2], redis.call('INCR', KEYS[3]), 'EX', ARGV[1])
local lines = redis.call('SMEMBERS', KEYS[1])
for _, line in ipairs(lines) do redis.call('ZADD', KEYS[4], 'XX', 'LT', ARGV[2], line) end
redis.call('DEL', KEYS[1])
return lines
`)

/**
 * KEYS line state due · ARGV fence told due-at line → -1: not the holder, 1: more have to be told, 2: the line rests until then.
 * Without `told` (empty) nobody has to be told.
 */
export const restScript = new Script(`
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[1] then return -1 end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[2], 'told', ARGV[2])
  if redis.call('LLEN', KEYS[1]) > tonumber(ARGV[2]) then return 1 end
end
redis.call('HSET', KEYS[2], 'rests', '1')
redis.call('ZADD', KEYS[3], 'XX', ARGV[3], ARGV[4])
return 2
`)

/** KEYS line · ARGV id → nothing, or {place, entry}. Most of what is looked for stands near the head. */
export const findScript = new Script(`
local from = 0
while true do
  local entries = redis.call('LRANGE', KEYS[1], from, from + 99)
  if #entries == 0 then return false end
  for index, entry in ipairs(entries) do
    if string.sub(entry, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then return {from + index - 1, entry} end
  end
  from = from + #entries
end
`)

/** KEYS line · ARGV text → the entries in which it stands. */
export const holdingScript = new Script(`
local found = {}
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if string.find(entry, ARGV[1], 1, true) then found[#found + 1] = entry end
end
return found
`)

/**
 * KEYS line state seen · ARGV id entry seconds → 1: replaced, now or before, 0: not there, or tried. What is at the head and under way is tried.
 * `seen` is that of the change, so that it is neither made twice nor said as well.
 */
export const replaceScript = new Script(`
if redis.call('EXISTS', KEYS[3]) == 1 then return 1 end
local entries = redis.call('LRANGE', KEYS[1], 0, -1)
for index, entry in ipairs(entries) do
  if string.sub(entry, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then
    if index == 1 and tonumber(redis.call('HGET', KEYS[2], 'tries') or 0) > 0 then return 0 end
    redis.call('LSET', KEYS[1], index - 1, ARGV[2])
    redis.call('SET', KEYS[3], '1', 'EX', ARGV[3])
    return 1
  end
end
return 0
`)

/**
 * KEYS line state due · ARGV id line untried → nothing: not there, or under way, or tried where only what is untried is meant (1); else {told, tried}:
 * taken out, its sender knew that it waits (1), it was tried (1).
 */
export const cancelScript = new Script(`
local entries = redis.call('LRANGE', KEYS[1], 0, -1)
for index, entry in ipairs(entries) do
  if string.sub(entry, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then
    local state = redis.call('HMGET', KEYS[2], 'tries', 'told', 'until', 'rests')
    local tried = index == 1 and tonumber(state[1] or 0) > 0
    if tried and not state[3] and not state[4] then return false end
    if tried and ARGV[3] == '1' then return false end
    local told = tonumber(state[2] or 0) >= index
    redis.call('LREM', KEYS[1], 1, entry)
    if told then redis.call('HINCRBY', KEYS[2], 'told', -1) end
    if tried then redis.call('HDEL', KEYS[2], 'tries') end
    if #entries == 1 then
      redis.call('DEL', KEYS[2])
      redis.call('ZREM', KEYS[3], ARGV[2])
    end
    return {told and 1 or 0, tried and 1 or 0}
  end
end
return false
`)
