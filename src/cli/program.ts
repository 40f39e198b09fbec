// Every command of the command line, in one list. What a command needs is loaded when it is used: a look at --help should not wait for all of it.

import { Command } from 'commander'
import { say } from '../core/words.ts'

const configOption = ['-c, --config <file>', say({ key: 'cli.option.config' }), 'nudge.yaml'] as const

/** The command line as commander knows it. */
export function program(): Command {
  const nudge = command('nudge').description(say({ key: 'cli.nudge' }))
  nudge
    .command('start')
    .description(say({ key: 'cli.start' }))
    .option(...configOption)
    .action(async ({ config }: { config: string }) => (await import('./start.ts')).start(config))
  nudge
    .command('init')
    .description(say({ key: 'cli.init' }))
    .option('-c, --config <file>', say({ key: 'cli.option.new-config' }), 'nudge.yaml')
    .option('--homeserver <url>', say({ key: 'cli.option.homeserver' }))
    .option('--domain <name>', say({ key: 'cli.option.domain' }))
    .option('--msn-domain <name>', say({ key: 'cli.option.msn-domain' }))
    .option('--puppets', say({ key: 'cli.option.puppet-token' }))
    .action(async (options) => (await import('./init.ts')).init(options))
  nudge
    .command('registration')
    .description(say({ key: 'cli.registration' }))
    .option(...configOption)
    .option('-o, --output <file>', say({ key: 'cli.option.output' }))
    .option('--puppets', say({ key: 'cli.option.puppets' }))
    .action(async (options) => (await import('./registration.ts')).writeRegistration(options))
  nudge
    .command('probe <host>')
    .description(say({ key: 'cli.probe' }))
    .option('-p, --port <number>', say({ key: 'cli.option.probe-port' }), '1863')
    .option('--account <address>', say({ key: 'cli.option.probe-account' }))
    .option('--web <url>', say({ key: 'cli.option.probe-web' }))
    .action(async (host, options) => (await import('./probe.ts')).probe(host, options))
  nudge.addCommand(accountCommand())
  nudge.addCommand(inviteCommand())
  nudge.addCommand(authorityCommand())
  return nudge
}

function accountCommand(): Command {
  const account = command('account').description(say({ key: 'cli.account' }))
  account
    .command('add <address>')
    .description(say({ key: 'cli.account.add' }))
    .option(...configOption)
    .option('--old-clients', say({ key: 'cli.option.old-clients' }))
    .action(async (address, options) => (await import('./account.ts')).addAccount(address, options))
  account
    .command('passwd <address>')
    .description(say({ key: 'cli.account.passwd' }))
    .option(...configOption)
    .option('--old-clients', say({ key: 'cli.option.old-clients' }))
    .action(async (address, options) => (await import('./account.ts')).changePassword(address, options))
  account
    .command('list')
    .description(say({ key: 'cli.account.list' }))
    .option(...configOption)
    .action(async (options) => (await import('./account.ts')).listAccounts(options))
  account
    .command('remove <address>')
    .description(say({ key: 'cli.account.remove' }))
    .option(...configOption)
    .action(async (address, options) => (await import('./account.ts')).removeAccount(address, options))
  return account
}

function inviteCommand(): Command {
  const invite = command('invite').description(say({ key: 'cli.invite' }))
  invite
    .command('create')
    .description(say({ key: 'cli.invite.create' }))
    .option(...configOption)
    .option('--uses <count>', say({ key: 'cli.option.uses' }), '1')
    .option('--days <count>', say({ key: 'cli.option.days' }))
    .action(async (options) => (await import('./invite.ts')).createInvite(options))
  invite
    .command('list')
    .description(say({ key: 'cli.invite.list' }))
    .option(...configOption)
    .action(async (options) => (await import('./invite.ts')).listInvites(options))
  invite
    .command('revoke <id>')
    .description(say({ key: 'cli.invite.revoke' }))
    .option(...configOption)
    .action(async (id, options) => (await import('./invite.ts')).revokeInvite(id, options))
  return invite
}

function authorityCommand(): Command {
  const ca = command('ca').description(say({ key: 'cli.ca' }))
  ca.command('init')
    .description(say({ key: 'cli.ca.init' }))
    .option(...configOption)
    .option('--sha1', say({ key: 'cli.option.sha1' }))
    .action(async (options) => (await import('./ca.ts')).initAuthority(options))
  ca.command('issue')
    .description(say({ key: 'cli.ca.issue' }))
    .option(...configOption)
    .option('--also <name...>', say({ key: 'cli.option.also' }))
    .action(async (options) => (await import('./ca.ts')).issueCertificate(options))
  ca.command('show')
    .description(say({ key: 'cli.ca.show' }))
    .option(...configOption)
    .action(async (options) => (await import('./ca.ts')).showAuthority(options))
  return ca
}

/** A command that ends by an exception, not by ending the process. What is put below it is so, too. */
function command(name: string): Command {
  return new Command(name).exitOverride().showHelpAfterError(say({ key: 'cli.see-help' }))
}
