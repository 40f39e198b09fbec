import { describe, expect, it } from 'vitest'
import type { NetworkEvent } from '../../src/core/event.ts'
import type { Phrase } from '../../src/core/words.ts'
import type { RoomEvent } from '../../src/matrix/events.ts'
import { Utterances } from '../../src/matrix/utterances.ts'
import { juliet, julietsGhost } from './stage.ts'

const romeo = '@romeo:hs.test'

/** What is told of events, to the gateway and to whoever sent them. */
function stage({ hasLinks = true } = {}) {
  const told: NetworkEvent[] = []
  const answers: Phrase[] = []
  const utterances = new Utterances({
    network: julietsGhost.network,
    nudgeReaction: '📳',
    answers: { tell: async (_, phrase) => void answers.push(phrase) },
    links: { linkTo: async ({ name, room, event }) => (hasLinks ? `https://example.org/${room}/${event}/${name}` : undefined) },
    sink: async (event) => void told.push(event),
  })
  let events = 0
  const says = async (type: string, content: Record<string, unknown>, room = '!room:hs.test'): Promise<string> => {
    const event: RoomEvent = {
      type,
      content,
      event_id: `$event${++events}`,
      room_id: room,
      sender: romeo,
      origin_server_ts: 1597,
    }
    const reading = utterances.read(event)
    if (reading && 'content' in reading) await utterances.take(event, reading, juliet)
    return event.event_id
  }
  return { told, answers, says }
}

const text = (body: string, more: object = {}) => ({ msgtype: 'm.text', body, ...more })
const change = (of: string) =>
  text('* x', { 'm.new_content': text('x'), 'm.relates_to': { rel_type: 'm.replace', event_id: of } })

describe('the gateway is told', () => {
  it('what was said, by whom, to whom, where and when', async () => {
    const { told, says } = stage()
    await says('m.room.message', text('But soft!', { 'm.relates_to': { 'm.in_reply_to': { event_id: '$said' } } }))
    expect(told).toEqual([
      {
        kind: 'message',
        id: '$event1',
        conversation: { network: 'matrix', id: '!room:hs.test' },
        from: { network: 'matrix', id: romeo },
        with: juliet,
        content: { kind: 'text', runs: [{ text: 'But soft!' }] },
        about: { id: '$said', how: 'answer' },
        sentAt: 1597,
      },
    ])
  })

  it('a file with its link; where there are no links, its sender is told', async () => {
    const picture = { msgtype: 'm.image', body: 'rose.png', url: 'mxc://hs.test/rose' }
    const { told, says } = stage()
    await says('m.room.message', picture)
    expect(told).toMatchObject([{ content: { kind: 'media', link: 'https://example.org/!room:hs.test/$event1/rose.png' } }])
    const without = stage({ hasLinks: false })
    await without.says('m.room.message', picture)
    expect(without.told).toEqual([])
    expect(without.answers).toEqual([{ key: 'matrix.no-links' }])
  })

  it('which message is changed, also by a change of a change', async () => {
    const { told, says } = stage()
    const first = await says('m.room.message', text('w'))
    const second = await says('m.room.message', change(first))
    const third = await says('m.room.message', change(second))
    await says('m.room.message', change(third))
    expect(told.slice(1)).toMatchObject(Array(3).fill({ content: { kind: 'edit', of: first } }))
  })

  it('a vote in a poll that was seen, and nothing of others', async () => {
    const { told, says } = stage()
    const answers = ['Mantua', 'Verona'].map((body, index) => ({ 'm.id': `${index}`, 'm.text': [{ body }] }))
    const poll = await says('m.poll.start', { 'm.poll': { question: { 'm.text': [{ body: 'Where to?' }] }, answers } })
    const voteFor = (of: string, ...chosen: string[]) => ({
      'm.selections': chosen,
      'm.relates_to': { rel_type: 'm.reference', event_id: of },
    })
    const vote = (of: string, ...chosen: string[]) => says('m.poll.response', voteFor(of, ...chosen))
    await says('m.poll.response', voteFor(poll, '0'), '!elsewhere:hs.test')
    await vote('$other', '0')
    await vote(poll, 'nothing of it')
    await vote(poll, '1')
    expect(told.slice(1)).toMatchObject([{ content: { kind: 'action', runs: [{ text: 'votes for 2) Verona' }] } }])
  })

  it('the delivery that a message carries, for the gateway to judge whether it is ours', async () => {
    const { told, says } = stage()
    await says('m.room.message', text('x', { 'dev.nudge.delivery': 'delivery-1' }))
    await says('m.room.message', text('x', { 'dev.nudge.delivery': ['delivery-1'] }))
    expect(told).toMatchObject([{ delivery: 'delivery-1' }, {}])
    expect(told[1]).not.toHaveProperty('delivery')
  })
})
