import { describe, expect, it } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { runNudge } from '../support/nudge-process.ts'

/** Every command by the words that lead to it. */
function commandsOf(command = program(), words: readonly string[] = []): (readonly string[])[] {
  return [words, ...command.commands.flatMap((child) => commandsOf(child, [...words, child.name()]))]
}

describe('the command line', () => {
  it('has these commands', () => {
    expect(commandsOf().map((words) => words.join(' '))).toEqual([
      '',
      'start',
      'init',
      'registration',
      'probe',
      'account',
      'account add',
      'account passwd',
      'account list',
      'account remove',
      'invite',
      'invite create',
      'invite list',
      'invite revoke',
      'ca',
      'ca init',
      'ca issue',
      'ca show',
    ])
  })

  it.each(commandsOf().map((words) => [['nudge', ...words].join(' '), words] as const))(
    '%s --help says what it does and ends well',
    async (name, words) => {
      const { code, output, errors } = await runNudge([...words, '--help'])
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
      expect(output).toMatch(new RegExp(`^Usage: ${name} `))
      expect(output.split('\n').length).toBeGreaterThan(4)
    },
  )

  it.each([
    ['an unknown command', ['begin'], "unknown command 'begin'"],
    ['an unknown command within', ['account', 'make'], "unknown command 'make'"],
    ['an unknown option', ['start', '--quickly'], "unknown option '--quickly'"],
    ['an option without its value', ['start', '--config'], 'argument missing'],
    ['an argument left out', ['account', 'add'], "missing required argument 'address'"],
    ['an argument too many', ['start', 'now'], 'too many arguments'],
  ])('%s ends badly, with a hint', async (_, words, complaint) => {
    const { code, output, errors } = await runNudge(words)
    expect({ code, output }).toEqual({ code: 1, output: '' })
    expect(errors).toContain(complaint)
    expect(errors).toContain('--help')
  })

  it('without a command shows what there is, and ends badly: nothing was done', async () => {
    const { code, errors } = await runNudge([])
    expect(code).toBe(1)
    expect(errors).toContain('Usage: nudge')
  })

  it.each([['start'], ['registration'], ['account', 'list'], ['account', 'add', 'juliet@example.com']])(
    '%s %s without a config is one line, and ends with 2',
    async (...words) => {
      const { code, output, errors } = await runNudge([...words, '--config', 'no/such/nudge.yaml'])
      expect({ code, output, errors }).toEqual({
        code: 2,
        output: '',
        errors: 'nudge: no/such/nudge.yaml: cannot be read (ENOENT). "nudge init" writes one.\n',
      })
    },
  )
})
