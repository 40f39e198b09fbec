// What became of a message.

export const delivery = {
  'delivery.unreachable': 'the other network cannot be reached at the moment.',
  'delivery.expired': 'Not delivered: {name} could not be reached in time. Last reason: {reason}',
  'delivery.failed': 'Not delivered: {reason}',
  'delivery.waits':
    '🕓 Not delivered yet: {reason} Your message is kept and will be delivered as soon as that changes. Delete it if it should not be.',
  'delivery.delivered': '✅ Delivered.',
  'delivery.cancelled': '🚫 You took this back before it was delivered: nobody got it.',
  'delivery.cancelled-perhaps':
    '🚫 You took this back, and it is not sent again. But an earlier try may have reached them without our knowing.',
  'delivery.kept': '{name} is offline. The network keeps your message for them until they sign in.',
  'delivery.missed': 'Not everybody got it: {names} did not come when they were called into the chat.',
  'delivery.cannot-unsend': 'It was delivered already, and cannot be taken back there: they can still read it.',
  'delivery.edit-unknown':
    'Your change was not delivered: I do not know the message that it changes, or that message never arrived. Please write it anew.',
  'delivery.edit-not-yours': 'Your change was not delivered: the message is somebody else’s.',
  'trace.queued': 'taken in and queued',
  'trace.begun': 'the last try began',
  'trace.tried': 'tried in vain: {reason}',
  'trace.taken-back': 'taken back while it was being tried',
  'trace.told': 'you were told that it waits',
  'trace.waits': 'waiting; in the queue before it: {before}',
  'trace.next': 'next in the queue, or being tried right now',
  'trace.given-up': 'given up: {reason}',
  'trace.arrived': 'delivered',
  'delivery.not-signed-in': 'You are not signed in to {network}. Write "login" to the bot to sign in.',
  'delivery.no-address': 'You cannot have an address on {network}: the name is longer than MSN allows.',
  'delivery.not-your-chat': 'Not delivered: only {user} can write to {name} from this room.',
  'delivery.contact-offline': '{name} is offline.',
  'delivery.login-offline': 'Your account {account} is not signed in.',
  'delivery.other-network': '{name} is on another network and cannot come into this chat.',
  'delivery.shut-out': 'whoever it was written to may not use this gateway any more.',
  'delivery.no-portal': 'this chat was closed.',
  'delivery.closed-chat':
    'Something was still waiting to be delivered in a chat that is closed now. It will not be delivered any more.',
  'own.said': 'You: ',
  'own.did': '* You ',
  'own.nudged': 'You sent a nudge.',
  'delivery.no-network': 'this gateway is not connected with {network} any more.',
} as const
