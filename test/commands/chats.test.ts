import { describe, expect, it } from 'vitest'
import { Absent } from '../../src/core/errors.ts'
import { say } from '../../src/core/words.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

const hostedRomeo = 'ghost:matrix:romeo'

async function stage() {
  const world = await fakeGateway()
  const { home, hosted } = world
  const juliet = {
    address: hosted.person('juliet@example.com'),
    name: 'Juliet',
    lists: ['forward' as const],
    groups: ['Capulets'],
  }
  hosted.lists.set(hostedRomeo, [juliet])
  const hears = async (text: string) => {
    const before = home.delivered.length
    await world.ask(text)
    return home.delivered.slice(before).map(({ content }) => (content.kind === 'notice' ? say(content.phrase) : content.kind))
  }
  return { ...world, hears }
}

describe('a chat that the user begins', () => {
  it('has a room at once, which is told as something to click', async () => {
    const { hears, home } = await stage()
    const [said] = await hears('start-chat Juliet@example.com')
    expect(said).toBe(`Your chat with juliet@example.com is here: ${home.linkTo({ network: home.id, id: 'room-1' })}`)
    expect(home.opened).toMatchObject([{ user: home.person('romeo'), as: { id: 'ghost:msn:juliet@example.com' } }])
  })

  it('is the one that there is', async () => {
    const { ask, home } = await stage()
    expect(await ask('pm juliet@example.com')).toEqual(['chat.started'])
    expect(await ask('start-chat msn juliet@example.com')).toEqual(['chat.started'])
    expect(home.opened).toHaveLength(1)
  })

  it('is asked on which account, where several have no such contact', async () => {
    const { ask } = await stage()
    await ask('login romeo@verona.example')
    await ask('dagger')
    expect(await ask('start-chat juliet@example.com')).toEqual(['chat.started'])
    expect(await ask('start-chat tybalt@example.com')).toEqual(['contacts.which'])
    expect(await ask('start-chat verona tybalt@example.com')).toEqual(['chat.started'])
  })

  it('needs an address, and one of somebody else', async () => {
    const { ask } = await stage()
    for (const text of ['start-chat', 'start-chat juliet', 'start-chat a@b..c'])
      expect(await ask(text)).toEqual(['contacts.usage'])
  })

  it('of several calls each of them, and has a room with their ghosts', async () => {
    const { ask, home, hosted } = await stage()
    expect(await ask('create-group juliet@example.com')).toEqual(['chat.too-few'])
    expect(await ask('create-group juliet@example.com, nurse@example.com juliet@example.com')).toEqual(['chat.group-created'])
    expect([...hosted.several.values()].flat().map(({ id }) => id)).toEqual(['juliet@example.com', 'nurse@example.com'])
    expect(home.opened[0]?.several?.ghosts).toHaveLength(2)
  })

  it('of several to which nobody comes has none', async () => {
    const { hears, home, hosted } = await stage()
    const who = hosted.person('juliet@example.com')
    hosted.refusals.push(new Absent(who, { key: 'delivery.contact-offline', params: { name: 'Juliet' } }))
    expect(await hears('create-group juliet@example.com nurse@example.com')).toEqual(['That did not work: Juliet is offline.'])
    expect(home.opened).toEqual([])
  })
})

describe('the rest of what one can ask', () => {
  it('are the groups with how many are in each', async () => {
    const { hears } = await stage()
    expect(await hears('groups')).toEqual([`Groups of ${hostedRomeo} on msn:\nCapulets: 1`])
    expect(await hears('groups padua')).toEqual([`You have no account padua. You have: msn/${hostedRomeo}`])
  })

  it('is to have the list read again', async () => {
    const { ask, hosted } = await stage()
    expect(await ask('sync')).toEqual(['sync.done'])
    expect(hosted.readAgain).toEqual([hostedRomeo])
    expect(await ask('sync padua')).toEqual(['contacts.unknown-chair'])
  })

  it('is to be seen otherwise by the word that others use for it', async () => {
    const { ask, hosted } = await stage()
    expect(await ask('status')).toEqual(['status.hosted'])
    expect(await ask('status busy')).toEqual(['look.status'])
    expect(hosted.looks).toMatchObject([{ look: { status: 'busy' } }])
  })

  it('is how the accounts are, whether all answers, which Nudge this is, and what it keeps', async () => {
    const { ask, hears } = await stage()
    expect(await ask('logins')).toEqual(['status.none'])
    expect(await ask('ping')).toContain('status.none')
    expect(await hears('version')).toEqual([expect.stringMatching(/^Nudge \d+\.\d+\.\d+, on Node v\d+/)])
    const [privacy = ''] = await hears('privacy')
    expect(privacy).toMatch(/passwords and tokens/)
    expect(privacy.split('\n').length).toBeGreaterThan(4)
  })
})

describe('a command with several lines', () => {
  it('is one command', async () => {
    const { ask, hosted } = await stage()
    expect(await ask('psm In Mantua\nblock juliet@example.com')).toEqual(['look.message'])
    expect(hosted.looks).toMatchObject([{ look: { message: 'In Mantua block juliet@example.com' } }])
    expect(hosted.edits).toEqual([])
    expect(await ask('help\r\nlogout')).toEqual(['about.logout'])
  })
})
