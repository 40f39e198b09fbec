import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domains, ghostOf, World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await World.start({ verona: true })
})

afterAll(async () => {
  await world?.stop()
})

describe('on our own MSN server', () => {
  it('Romeo opens a chat with a ghost, and they talk', async () => {
    const juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet Capulet')
    const romeo = await world.matrixUser('romeo')
    const room = await romeo.startChat(ghostOf('msn', juliet.account))
    const called = (name: string) =>
      romeo.sees(
        room,
        ({ state_key, content }) => state_key === ghostOf('msn', juliet.account) && content['displayname'] === name,
      )
    await called(juliet.account)
    await romeo.says(room, 'But soft! What light?')
    const heard = await juliet.hears('But soft! What light?')
    expect(heard).toMatchObject({ from: `romeo@matrix.${domains.msn}`, fromName: 'romeo' })
    await juliet.says(heard.from, 'Ay me.')
    const answer = await romeo.hears(room, 'Ay me.')
    expect(answer).toMatchObject({ sender: ghostOf('msn', juliet.account) })
    await called('Juliet Capulet')
  })

  it('somebody at an MSN client writes first, and the chat opens on Matrix as an invitation', async () => {
    const nurse = await world.msnUser(world.nudge, `nurse@${domains.msn}`, 'Nurse')
    const peter = await world.matrixUser('peter')
    await nurse.says(`peter@matrix.${domains.msn}`, 'My fan, Peter.')
    const room = await peter.isInvitedBy(ghostOf('msn', nurse.account))
    await peter.join(room)
    await peter.hears(room, 'My fan, Peter.')
    await peter.says(room, 'Anon!')
    await nurse.hears('Anon!')
    const profile = await peter.call('GET', `profile/${encodeURIComponent(ghostOf('msn', nurse.account))}`)
    expect(profile).toMatchObject({ displayname: 'Nurse' })
  })

  it('somebody at an MSN client adds a Matrix user, who is seen after joining, and no more after blocking', async () => {
    const rosaline = await world.msnUser(world.nudge, `rosaline@${domains.msn}`, 'Fair Rosaline')
    const mercutio = await world.matrixUser('mercutio')
    const address = `mercutio@matrix.${domains.msn}`
    const sees = (status: string) =>
      rosaline.sees(`mercutio ${status}`, () => {
        const seen = rosaline.presences.filter(({ account }) => account === address).at(-1)
        return seen?.status === status || undefined
      })
    await rosaline.adds(address)
    const room = await mercutio.isInvitedBy(ghostOf('msn', rosaline.account))
    expect(rosaline.presences).toEqual([])
    await mercutio.join(room)
    await mercutio.hears(room, `(${rosaline.account}) put you on their MSN contact list`)
    // Whoever reads is online at home, and so he is seen.
    await sees('online')
    const talk = await mercutio.startChat(`@msnbot:${domains.matrix}`)
    await mercutio.says(talk, `block ${rosaline.account}`)
    await mercutio.hears(talk, `${rosaline.account} is blocked.`)
    await sees('offline')
  })

  it('an invitation that is declined blocks whoever it came from', async () => {
    const tybalt = await world.msnUser(world.nudge, `tybalt@${domains.msn}`, 'Tybalt')
    const peaceful = await world.matrixUser('abraham')
    const address = `abraham@matrix.${domains.msn}`
    await tybalt.says(address, 'What, drawn, and talk of peace?')
    const room = await peaceful.isInvitedBy(ghostOf('msn', tybalt.account))
    await peaceful.leave(room)
    let refusal: unknown
    // What the homeserver was told takes a moment to reach us.
    for (let tries = 0; tries < 50 && refusal === undefined; tries++)
      refusal = await tybalt.says(address, 'Have at thee, coward!').then(
        () => pause(100),
        (error: unknown) => error,
      )
    expect(refusal).toMatchObject({ code: 'not-delivered' })
  })

  it('a chat of three is a room with a ghost for each of them, who come and go', async () => {
    const juliet = await world.msnUser(world.nudge, `juliet3@${domains.msn}`, 'Juliet')
    const nurse = await world.msnUser(world.nudge, `nurse3@${domains.msn}`, 'Nurse')
    const lawrence = await world.matrixUser('lawrence')
    await juliet.gathers('cell', nurse.account, `lawrence@matrix.${domains.msn}`)
    await juliet.saysOn('cell', 'Good even to my ghostly confessor.')
    const room = await lawrence.isInvitedBy(`@msnbot:${domains.matrix}`)
    await lawrence.join(room)
    const [first, second] = [juliet, nurse].map(({ account }) => ghostOf('msn', account))
    expect(await lawrence.hears(room, 'Good even')).toMatchObject({ sender: first })
    await lawrence.says(room, 'Romeo shall thank thee.')
    await juliet.hears('Romeo shall thank thee.')
    const { board = '' } = await nurse.hears('Romeo shall thank thee.')
    await nurse.saysOn(board, 'I must be gone.')
    expect(await lawrence.hears(room, 'I must be gone.')).toMatchObject({ sender: second })
    nurse.leaves(board)
    await lawrence.sees(room, ({ state_key, content }) => state_key === second && content['membership'] === 'leave')
    juliet.leaves('cell')
  })

  it.each([2, 5, 7, 8, 9, 10, 11, 12])('a client that speaks MSNP%i takes part', async (dialect) => {
    const page = await world.msnUser(world.nudge, `page${dialect}@${domains.msn}`, 'Page', [dialect])
    const paris = await world.matrixUser(`paris${dialect}`)
    const room = await paris.startChat(ghostOf('msn', page.account))
    await paris.says(room, 'Give me thy torch, boy.')
    const { from } = await page.hears('Give me thy torch, boy.')
    await page.says(from, 'I am almost afraid.')
    await paris.hears(room, 'I am almost afraid.')
  })
})

describe('on a server out there', () => {
  it('a user links an account with the bot, and talks with the contacts', async () => {
    const { verona, synapse } = world
    if (!verona) throw new Error('no verona')
    await world.addAccount(verona, `romeo@${domains.verona}`, 'dagger-17')
    const rosaline = await world.msnUser(verona, `rosaline@${domains.verona}`, 'Fair Rosaline')
    const before = await world.signIn(verona, `romeo@${domains.verona}`, 'dagger-17')
    await before.adds(rosaline.account)
    await before.signsOut()

    const benvolio = await world.matrixUser('benvolio')
    const talk = await benvolio.startChat(`@msnbot:${domains.matrix}`)
    await benvolio.says(talk, 'login')
    await benvolio.hears(talk, 'Your account on verona')
    await benvolio.says(talk, `romeo@${domains.verona}`)
    await benvolio.hears(talk, `The password of romeo@${domains.verona}`)
    const password = await benvolio.says(talk, 'dagger-17')
    await benvolio.hears(talk, `Signed in to verona as romeo@${domains.verona}. Contacts on your list: 1.`)
    const redaction = await benvolio.sees(talk, (event) => event.type === 'm.room.redaction')
    expect(JSON.stringify(redaction)).toContain(password)

    const ghost = ghostOf('verona', rosaline.account)
    const room = await benvolio.startChat(ghost)
    await benvolio.says(room, 'Good morrow, cousin.')
    const heard = await rosaline.hears('Good morrow, cousin.')
    expect(heard.from).toBe(`romeo@${domains.verona}`)
    await rosaline.says(heard.from, 'Is the day so young?')
    expect(await benvolio.hears(room, 'Is the day so young?')).toMatchObject({ sender: ghost })
    const profile = await fetch(`${synapse.url}/_matrix/client/v3/profile/${encodeURIComponent(ghost)}`)
    expect(await profile.json()).toMatchObject({ displayname: 'Fair Rosaline' })

    expect(await world.nudge.stop()).toBe(0)
    await world.nudge.start()
    await benvolio.says(room, 'Ay me! Sad hours seem long.')
    await rosaline.hears('Ay me! Sad hours seem long.')
    await rosaline.says(heard.from, 'Was that my father that went hence so fast?')
    await benvolio.hears(room, 'Was that my father that went hence so fast?')
  })

  it('a chat of three goes on after a restart, and when everybody had left it', async () => {
    const { verona, nudge } = world
    if (!verona) throw new Error('no verona')
    const account = `escalus@${domains.verona}`
    await world.addAccount(verona, account, 'peace-17')
    const sampson = await world.msnUser(verona, `sampson@${domains.verona}`, 'Sampson')
    const gregory = await world.msnUser(verona, `gregory@${domains.verona}`, 'Gregory')
    const escalus = await world.matrixUser('escalus')
    const talk = await escalus.startChat(`@msnbot:${domains.matrix}`)
    for (const answer of ['login', account, 'peace-17']) {
      await escalus.says(talk, answer)
      if (answer === account) await escalus.hears(talk, `The password of ${account}`)
      if (answer === 'login') await escalus.hears(talk, 'Your account on verona')
    }
    await escalus.hears(talk, `Signed in to verona as ${account}.`)

    await sampson.gathers('street', gregory.account, account)
    await sampson.saysOn('street', 'I do bite my thumb, sir.')
    const room = await escalus.isInvitedBy(`@msnbot:${domains.matrix}`)
    await escalus.join(room)
    expect(await escalus.hears(room, 'I do bite my thumb')).toMatchObject({ sender: ghostOf('verona', sampson.account) })
    expect(await nudge.stop()).toBe(0)
    await nudge.start()
    await escalus.says(room, 'Rebellious subjects!')
    await sampson.hears('Rebellious subjects!')
    const { board = '' } = await gregory.hears('Rebellious subjects!')
    await gregory.saysOn(board, 'We depart.')
    expect(await escalus.hears(room, 'We depart.')).toMatchObject({ sender: ghostOf('verona', gregory.account) })
    gregory.leaves(board)
    const ghost = ghostOf('verona', gregory.account)
    await escalus.sees(room, ({ state_key, content }) => state_key === ghost && content['membership'] === 'leave')
    sampson.leaves((await sampson.hears('Rebellious subjects!')).board ?? '')
    sampson.leaves('street')
    await escalus.says(room, 'Once more, on pain of death')
    await sampson.hears('Once more, on pain of death')
    await gregory.hears('Once more, on pain of death')
  })
})
