// Speaking as somebody who lends us their account, and for somebody who has none.

export const puppets = {
  'puppet.lent': 'What you say with another client on MSN appears as said by you from now on.',
  'puppet.broken':
    'I cannot speak as you any more: {reason} What you say with another client appears as "You: …" until you write "login-matrix" again.',
  'puppet.unreachable': 'Your homeserver cannot be reached at the moment. I keep trying.',
  'puppet.signed-out': 'your homeserver does not take the access token.',
  'puppet.somebody-else': 'the access token belongs to {owner}.',
  'puppet.unknown-server':
    'this gateway does not know where {server} answers. Please ask the person who runs it to add it to matrix.puppetServers.',
  'own.sent': 'Sent by you.',
  'own.reacted': '* You reacted with {emoji}',
  'relay.said': '{name}: ',
  'relay.did': '* {name} ',
  'relay.sent': 'Sent by {name}.',
  'relay.nudged': '* {name} sends a nudge',
  'relay.reacted': '* {name} reacts with {emoji}',
  'relay.off':
    '⚠️ Not delivered: only {user} can write to {name} from this room. {user} can change that with the command set-relay.',
  'relay.not-allowed': '⚠️ Not delivered: you may not write to {name} through this gateway. I tell you this once a day.',
  'puppet.which-token':
    'The access token of your Matrix account? Element shows it under Settings, Help & About. I remove your message as soon as I have read it. Or write "cancel".',
  'puppet.asking': 'Asking your homeserver whether the token is yours …',
  'puppet.not-here': 'I cannot speak as somebody on your homeserver.',
  'puppet.taken-back': 'I forgot your token. What you say with another client appears as "You: …".',
  'puppet.none': 'You have lent me no token.',
} as const
