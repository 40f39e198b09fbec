import { describe, expect, it } from 'vitest'
import { commands } from '../../src/commands/table.ts'
import { say } from '../../src/core/words.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

async function stage() {
  const world = await fakeGateway()
  const hears = async (...asked: Parameters<typeof world.ask>) => {
    const before = world.home.delivered.length
    await world.ask(...asked)
    const heard = world.home.delivered.slice(before)
    return heard.map(({ content }) => (content.kind === 'notice' ? say(content.phrase) : content.kind)).join('\n')
  }
  return { ...world, hears }
}

const street = { isPrivate: false, conversation: { network: 'matrix' as never, id: 'street' } }

describe('help', () => {
  it('has a line for every command that somebody may use, under headings, and none that they may not', async () => {
    const { hears } = await stage()
    const text = await hears('help')
    for (const { name, needs } of commands.values()) {
      const lines = text.split('\n').filter((line) => line.startsWith(`• ${name} `) || line.startsWith(`• ${name}:`))
      expect(lines, name).toHaveLength(needs === 'admin' ? 0 : 1)
    }
    const headings = text.split('\n').filter((line) => /^[A-Z][^.]*$/.test(line))
    expect(headings).toEqual(['General', 'Authentication', 'Chats', 'Contacts', 'How you are seen'])
  })

  it('tells an admin of what they may do, and somebody who may only talk with the bot of little', async () => {
    const { hears, home } = await stage()
    home.levels.set('romeo', 'admin')
    expect(await hears('help')).toMatch(/Administration\n• sudo user command/)
    home.levels.set('romeo', 'commands')
    const text = await hears('help')
    expect(text).toMatch(/• version/)
    expect(text).not.toMatch(/login|contacts|sudo/)
  })

  it('says first which kind of room this is', async () => {
    const { hears, desk, stores, home, hosted } = await stage()
    expect(await hears('help')).toMatch(/^Here we are alone/)
    expect(await hears('help', street)).toMatch(/^Here I read only what begins with !msn\./)
    const romeo = await stores.users.at(home.person('romeo'))
    const chair = hosted.ghostOf(romeo.homes[0])
    const conversation = chair && (await desk.startChat(romeo, chair, hosted.person('juliet@example.com')))
    if (!conversation) throw new Error('no chat')
    expect(await hears('help', { ...street, conversation })).toMatch(
      /^This is your chat with juliet@example\.com\. What begins with !msn/,
    )
  })

  it('tells of one command, also by its other name', async () => {
    const { hears } = await stage()
    expect(await hears('help version')).toBe('version: which Nudge this is')
    expect(await hears('help pm')).toMatch(/^start-chat .*\nAlso called: pm$/)
    expect(await hears('help sudo')).toMatch(/^Here we are alone/)
  })
})
