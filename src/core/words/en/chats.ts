// What the bot answers about chats, about itself, and to those who run the gateway.

export const chats = {
  'chat.started': 'Your chat with {name} is here: {room}',
  'chat.group-created': 'Your chat with {names} is here: {room}',
  'chat.too-few': 'A chat of several needs two addresses at least. With one person, write "start-chat".',
  'chat.left-at-once': 'You left the chat while I made it, so there is none now.',
  'chat.bridged': 'This room is your chat with {name} from now on.',
  'chat.not-bridged': 'This room is a chat with somebody already. Write "unbridge" in it first.',
  'chat.relays':
    'What others in this room write goes to {name} through your account from now on, with their name before it. "unset-relay" ends that.',
  'chat.relays-no-more': 'Only what you write yourself goes to the other side from now on.',
  'trace.steps': 'Times are UTC.\n{steps}',
  'trace.first': '{time}  {step}',
  'trace.step': '{time}  (+{took} ms) {step}',
  'trace.unknown': 'I know nothing of that message: it was not carried by me, or more than 30 days ago.',
  'trace.nothing': 'I do not know which message you mean. Answer the one with "trace", or write something in this chat first.',
  'sync.done': 'The contact list was read again, and names, pictures and spaces are being put in order: {accounts}.',
  version: 'Nudge {version}, on Node {node}.',
  'ping.answered': 'Your homeserver ({network}) answered in {took} ms.',
  'ping.silent': 'Your homeserver ({network}) does not answer.',
  privacy: 'What this gateway keeps about you:\n{parts}',
  'privacy.kept':
    '• Your id, this room, your accounts, your contact lists with names and groups, which room belongs to which contact, and how you chose to be seen: until you write "logout" or ask for its removal.',
  'privacy.sealed':
    '• Sealed with a key of this gateway: passwords and tokens, until "logout" and "logout-matrix"; and the first line of each message, for whoever answers it, for 30 days, along with when it went where.',
  'privacy.queued':
    '• The text of messages that are not delivered yet, and on our own MSN server of those that wait for somebody who is away: until they are delivered or given up. Nothing else keeps text, and logs never do.',
  'privacy.readers':
    '• Who runs this gateway or your homeserver can read what passes through: MSN knows no encryption, and neither do these rooms. The MSN network that you sign in to reads it as well.',
  'privacy.removal':
    '• "logout" forgets an account, its password and its list; "delete-portal" forgets a chat. What is in your rooms is on your homeserver. For the rest, ask the person who runs this gateway.',
  'admin.usage': 'Whom? Write the command with a user, for example: {command} @romeo:example.org',
  'admin.usage-sudo': 'For whom, and what? For example: sudo @romeo:example.org logins',
  'admin.no-such-user': 'Nobody of that name ever used this gateway. "list-users" shows who did.',
  'admin.not-an-admin': 'Who runs the gateway cannot be shut out of it here. Change matrix.permissions first.',
  'admin.may-not': '{user} may not do that: their level is "{level}".',
  'admin.not-their-chat': 'This is no chat of {user}.',
  'admin.blocked': '{user} is shut out, and their accounts are signed out. "unblock-user" lets them in again.',
  'admin.unblocked': '{user} may use this gateway again, and their accounts are being signed in.',
  'admin.users': 'Who used this gateway:\n{users}',
  'admin.user': '{user}: {level}, accounts: {accounts}',
  'admin.blocked-user': '{user}: shut out, accounts: {accounts}',
} as const
