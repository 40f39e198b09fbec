// What the Matrix side says to people.

export const matrix = {
  'matrix.bot-name': 'Nudge',
  'matrix.welcome': 'Hello! I connect you with your MSN contacts. Write "help" for what I can do, or "login" to begin.',
  'matrix.nudge': 'sends you a nudge',
  'matrix.nudge-to': 'sends {name} a nudge',
  'matrix.changed': '* {words}',
  'matrix.place': 'Location: {name} {link}',
  'matrix.poll': 'Poll: {question} {answers}',
  'matrix.poll-ended': 'The poll is over.',
  'matrix.vote': 'votes for {answers}',
  'matrix.too-large': 'the message is larger than Matrix allows.',
  'matrix.room-gone': 'the chat room cannot be written to any more.',
  'matrix.refused': 'the homeserver refused the message ({code}).',
  'matrix.not-a-direct-chat':
    'I can only join a chat that has nobody but you and me in it. To have me in this room, invite {bot} and write "{prefix} bridge".',
  'matrix.replaced-by-nothing': 'This room was closed. What is written to you opens another one.',
  'matrix.cannot-follow':
    'This room was replaced, and I may not come into the new one. Please invite {account} there. Until then, what is written to you opens another room.',
  'matrix.false-successor':
    'This room was replaced by one that does not say the same, so I do not follow. What is written to you opens another room.',
  'matrix.encrypted-successor':
    'This room was replaced by an encrypted one, in which I cannot read. What is written to you opens another room.',
  'matrix.bot-not-here': 'I am not in that room. Please invite me first.',
  'matrix.no-power': 'Only somebody who may change the settings of that room can connect it with somebody.',
  'matrix.may-not-invite': '{bot} may not invite anybody to that room. Please give it the power to invite, and try again.',
  'matrix.encrypts-all':
    'your homeserver encrypts every private room, and I cannot read encrypted messages. The person who runs it can change that.',
  'matrix.encrypted-room': 'I cannot read encrypted messages. Please start a chat with me in a room without encryption.',
  'matrix.talk-elsewhere': 'I cannot read encrypted messages, so I made us a room without encryption. Please go on there: {room}',
  'matrix.no-talk': 'I cannot read encrypted messages, and I could not make a room without encryption for us: {reason}',
  'matrix.encrypted-message':
    'Not delivered: I cannot read encrypted messages. Please start a chat with me in a room without encryption.',
  'matrix.only-text': 'I can only read text here. Write "help" for what I can do.',
  'matrix.edit': 'Your change was not delivered: only the words of a message can be changed.',
  'matrix.call': 'Calls cannot be carried to this network. Nobody there hears it ring.',
  'matrix.moving-place':
    'Not delivered: a location that moves with you cannot be carried to this network. You can send where you are now.',
  'matrix.no-file': 'Not delivered: I could not find out where the file is.',
  'matrix.no-links':
    'Not delivered: for pictures and files, people on this network need a link, and this gateway gives none. The person who runs it can change that (matrix.media).',
  'matrix.too-long': 'Not delivered: the message is too long.',
  'matrix.cannot-listen':
    'Nudge cannot listen for the homeserver: {detail}. Change matrix.listen, and the registration along with it.',
  'matrix.fault':
    'Not delivered because of a fault on our side. If it happens again, please tell the person who runs this gateway.',
  'presence.away': 'Away',
  'presence.busy': 'Busy',
  'presence.brb': 'Be right back',
  'presence.phone': 'On the phone',
  'presence.lunch': 'Out to lunch',
  'presence.with-message': '{state}: {message}',
  'matrix.space': 'MSN ({account})',
  'matrix.space-topic': 'Your chats as {account}, in the groups of your contact list.',
  'matrix.space-group-topic': 'A group of the contact list of {account}.',
  'matrix.space-group-gone': 'There is no group "{group}" on your contact list any more.',
  'matrix.space-gone': 'You signed {account} out for good.',
} as const
