// What the bot says.

export const commands = {
  'command.not-for-you': 'You may not use this gateway. Please ask the person who runs it.',
  'command.unknown': 'I do not know that command. Write "help" for what I can do.',
  'command.did-you-mean': 'I do not know that command. Did you mean "{name}"?',
  'command.fault':
    'That did not work because of a fault on our side. If it happens again, please tell the person who runs this gateway.',
  'command.too-many': 'I am still at what you asked before. What you write to me until that is done is left out.',
  'command.not-allowed': 'You may not do that here. Write "help" for what you can do.',
  'command.only-in-chat': 'That is for your chats with contacts: write it in one of them, with {prefix} before it.',
  'command.only-in-room':
    'That is for rooms with others in them that are no chat with a contact yet: write it in one, with {prefix} before it. For a chat with your contact alone, write "start-chat".',
  'command.busy':
    'We are in the middle of something: I wait for your answer to what I asked last. Write it, or write "cancel" and then begin anew.',
  'command.busy-elsewhere': 'I am asking you something already: {where}. Answer it there, or write "cancel".',
  'command.private-only': 'That has no place in a room with others or with a ghost. Write it to me where we are alone: {where}',
  'command.secret-removed':
    'Your message may have held a password or a token, so I took it out of this room. Somebody may have seen it: please change that password.',
  'command.secret-not-removed':
    'Your message may have held a password or a token, and I could not remove it. Please remove it yourself, and change that password.',
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
  'login.lost':
    '{network} has not been reached for some minutes. I keep trying for {account}, and tell you when it is back; "logout" stops that.',
  'login.back': '{network} is back: {account} is signed in again.',
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
  'state.since': '{state} since {time} UTC',
  'state.offline': 'signed out',
  'state.connecting': 'signing in',
  'state.online': 'online',
  'state.reconnecting': 'restoring the connection',
  'state.refused': 'refused',
  'state.displaced': 'signed in elsewhere',
} as const
