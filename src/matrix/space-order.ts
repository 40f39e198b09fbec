// The order of what stands in a Space: by the text `order`, as strings are compared (Matrix specification, `m.space.child`). Pure.

/** In characters (Matrix specification, `m.space.child`). */
const longest = 50
const digits = '0123456789abcdefghijklmnopqrstuvwxyz'

/** The orders of rooms, as they shall follow each other. Those in `known` that can stay do: each that changes has to be written. */
export function ordersOf(rooms: readonly string[], known: Readonly<Record<string, string>>): Record<string, string> {
  const orders = keptOrders(rooms, known)
  for (let at = 0; at < rooms.length; at++) {
    const begin = at
    while (at < rooms.length && !orders.has(rooms[at] as string)) at++
    fill(orders, rooms.slice(begin, at), orders.get(rooms[begin - 1] as string) ?? '', orders.get(rooms[at] as string))
  }
  const isTooLong = [...orders.values()].some((order) => order.length > longest)
  return isTooLong ? ordersOf(rooms, {}) : Object.fromEntries(orders)
}

/** What stands in the right order already, seen from the beginning. */
function keptOrders(rooms: readonly string[], known: Readonly<Record<string, string>>): Map<string, string> {
  const kept = new Map<string, string>()
  let last = ''
  for (const room of rooms) {
    const order = Object.hasOwn(known, room) ? known[room] : undefined
    if (order === undefined || order <= last || !/^[0-9a-z]*[1-9a-z]$/.test(order)) continue
    kept.set(room, order)
    last = order
  }
  return kept
}

/** Gives rooms that follow each other orders between two others; in halves, so that none becomes long. */
function fill(orders: Map<string, string>, rooms: readonly string[], low: string, high: string | undefined): void {
  const middle = Math.floor(rooms.length / 2)
  const room = rooms[middle]
  if (room === undefined) return
  const order = between(low, high)
  orders.set(room, order)
  fill(orders, rooms.slice(0, middle), low, order)
  fill(orders, rooms.slice(middle + 1), order, high)
}

/** A text between two others, as digits behind a point; `high` undefined: after the first. */
function between(low: string, high: string | undefined): string {
  let text = ''
  let isOpen = high === undefined
  for (let at = 0; ; at++) {
    const from = digits.indexOf(low[at] ?? '0')
    const to = isOpen ? digits.length : digits.indexOf(high?.[at] ?? '0')
    if (to - from > 1) return text + digits[Math.floor((from + to) / 2)]
    text += digits[from]
    if (from < to) isOpen = true
  }
}
