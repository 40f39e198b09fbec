// What the bot says in the management room.

export const commands = {
  help: `I connect you with your MSN contacts. What you can write here:
login: sign in with your account on an MSN network
relogin: sign in again with an account that was signed out elsewhere or refused
logout: sign out, and forget the account
status: your accounts and how they are
contacts: who is on your contact lists
add-contact, remove-contact, block, unblock: change them; an address follows
rename-contact, group, ungroup: what somebody is called on your list, and in which groups; an address and a name follow
rename-group (old -> new), remove-group: change the groups themselves
accept, decline: answer somebody who wants to be your contact; an address follows
presence: how you are seen: online, away, busy, idle, brb, phone, lunch, invisible, or auto
psm: your personal message; nothing behind it removes it
cancel: stop what we are in the middle of
help: this list
To talk with somebody, start a chat with their ghost.`,
  'command.not-for-you': 'You may not use this gateway. Please ask the person who runs it.',
  'command.unknown': 'I do not know that command. Write "help" for what I can do.',
  'command.cancelled': 'Stopped.',
  'command.nothing-to-cancel': 'There is nothing to stop.',
  'login.which-network': 'Which network? {networks}',
  'login.no-networks': 'This gateway is connected with no network that one signs in to.',
  'login.unknown-network': 'There is no network of that name here. Choose one of: {networks}',
  'login.which-account': 'Your account on {network}, for example juliet@example.com?',
  'login.bad-account': 'That does not look like an account. It has the form name@example.com and at most 129 letters.',
  'login.password': 'The password of {account}? I remove your message as soon as I have read it.',
  'login.empty-password': 'A password cannot be empty. Write it, or "cancel".',
  'login.not-redacted': 'I could not remove your message with the password. Please remove it yourself.',
  'login.taken': '{account} is already linked by somebody else on this gateway.',
  'login.connecting': 'Signing in to {network} as {account} …',
  'login.online': 'Signed in to {network} as {account}. Contacts on your list: {contacts}.',
  'login.refused': '{network} refused {account}: {reason} Write "login" to try again.',
  'login.unreachable': '{network} cannot be reached at the moment. I keep trying for {account}; "logout" stops that.',
  'login.displaced':
    '{account} was signed in somewhere else, so {network} signed us out. What is said there meanwhile does not reach you here. Write "relogin" to come back.',
  'logout.done': 'Signed out of {network} and forgot {account}.',
  'logout.which': 'Which account? {accounts}',
  'logout.none': 'You have no account here to sign out.',
  'logout.unknown': 'You have no account {account} here.',
  'status.none': 'You have linked no account. Write "login" to link one.',
  'status.login': '{account} on {network}: {state}, {contacts} contacts',
  'status.login-reason': '{account} on {network}: {state} ({reason})',
  'status.hosted': '{account} on {network}: that is you, without an account of your own',
  'state.offline': 'signed out',
  'state.connecting': 'signing in',
  'state.online': 'online',
  'state.reconnecting': 'restoring the connection',
  'state.refused': 'refused',
  'state.displaced': 'signed in elsewhere',
} as const
