// What became of a message.

export const delivery = {
  'delivery.unreachable': 'the other network cannot be reached at the moment.',
  'delivery.expired': 'Not delivered: {name} could not be reached in time. Last reason: {reason}',
  'delivery.failed': 'Not delivered: {reason}',
  'delivery.waits': 'Not delivered yet: {reason} Your message is kept and will be delivered then.',
  'delivery.kept': '{name} is offline. The network keeps your message for them until they sign in.',
  'delivery.missed': 'Not everybody got it: {names} did not come when they were called into the chat.',
  'delivery.cannot-unsend': 'It was delivered already, and cannot be taken back there.',
  'delivery.not-signed-in': 'You are not signed in to {network}. Write "login" to the bot to sign in.',
  'delivery.no-address': 'You cannot have an address on {network}: the name is longer than MSN allows.',
  'delivery.not-your-chat': 'Not delivered: only {user} can write to {name} from this room.',
  'delivery.contact-offline': '{name} is offline.',
  'delivery.login-offline': 'Your account {account} is not signed in.',
  'delivery.other-network': '{name} is on another network and cannot come into this chat.',
  'delivery.no-portal': 'this chat was closed.',
  'own.said': 'You: ',
  'own.did': '* You ',
  'own.nudged': 'You sent a nudge.',
  'delivery.no-network': 'this gateway is not connected with {network} any more.',
} as const
