// What users are told of their chats with others: where they are, and when they end.

export const portals = {
  'portal.exists': 'You already talk with {name} in another room. Please go on there: {room}',
  'portal.unencrypted':
    'I cannot read encrypted messages, so your chat with {name} has a room without encryption. Please go on there: {room}',
  'portal.yourself': '{account} is your own account. There is nobody else behind it to talk with.',
  'portal.at-home': '{account} is somebody of your own network. Please write to them directly: {home}',
  'portal.unbridged': 'This room is not connected with {name} any more. What they write from now on opens another one.',
  'portal.closed': 'Your chat with {name} was closed. What they write from now on opens another one.',
} as const
