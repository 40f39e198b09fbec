// Every command of the command line, in one list.

import { Command } from 'commander'
import { say } from '../core/words.ts'
import { addAccount, changePassword, listAccounts, removeAccount } from './account.ts'
import { init } from './init.ts'
import { writeRegistration } from './registration.ts'
import { start } from './start.ts'

const configOption = ['-c, --config <file>', say({ key: 'cli.option.config' }), 'nudge.yaml'] as const

/** The command line as commander knows it. */
export function program(): Command {
  const nudge = new Command('nudge')
    .description(say({ key: 'cli.nudge' }))
    .exitOverride()
    .showHelpAfterError(say({ key: 'cli.see-help' }))
  nudge
    .command('start')
    .description(say({ key: 'cli.start' }))
    .option(...configOption)
    .action(({ config }: { config: string }) => start(config))
  nudge
    .command('init')
    .description(say({ key: 'cli.init' }))
    .option('-c, --config <file>', say({ key: 'cli.option.new-config' }), 'nudge.yaml')
    .option('--homeserver <url>', say({ key: 'cli.option.homeserver' }))
    .option('--domain <name>', say({ key: 'cli.option.domain' }))
    .option('--msn-domain <name>', say({ key: 'cli.option.msn-domain' }))
    .action(init)
  nudge
    .command('registration')
    .description(say({ key: 'cli.registration' }))
    .option(...configOption)
    .option('-o, --output <file>', say({ key: 'cli.option.output' }), 'registration.yaml')
    .action(writeRegistration)
  nudge.addCommand(accountCommand())
  return nudge
}

function accountCommand(): Command {
  const account = new Command('account').description(say({ key: 'cli.account' })).exitOverride()
  account
    .command('add <address>')
    .description(say({ key: 'cli.account.add' }))
    .option(...configOption)
    .option('--old-clients', say({ key: 'cli.option.old-clients' }))
    .action(addAccount)
  account
    .command('passwd <address>')
    .description(say({ key: 'cli.account.passwd' }))
    .option(...configOption)
    .option('--old-clients', say({ key: 'cli.option.old-clients' }))
    .action(changePassword)
  account
    .command('list')
    .description(say({ key: 'cli.account.list' }))
    .option(...configOption)
    .action(listAccounts)
  account
    .command('remove <address>')
    .description(say({ key: 'cli.account.remove' }))
    .option(...configOption)
    .action(removeAccount)
  return account
}
