// What the Matrix side says to people.

export const matrix = {
  'matrix.bot-name': 'Nudge',
  'matrix.welcome': 'Hello! I connect you with your MSN contacts. Write "help" for what I can do, or "login" to begin.',
  'matrix.nudge': 'sends you a nudge',
  'matrix.too-large': 'the message is larger than Matrix allows.',
  'matrix.room-gone': 'the chat room cannot be written to any more.',
  'matrix.refused': 'the homeserver refused the message ({code}).',
  'matrix.not-allowed': 'Your homeserver may not use this gateway. Please ask the person who runs it.',
  'matrix.not-a-direct-chat':
    'I can only join a chat that has nobody but you and me in it. To have me in this room, invite {bot} and write "{prefix} bridge".',
  'matrix.bot-not-here': 'I am not in that room. Please invite me first.',
  'matrix.no-power': 'Only somebody who may change the settings of that room can connect it with somebody.',
  'matrix.may-not-invite': '{bot} may not invite anybody to that room. Please give it the power to invite, and try again.',
  'matrix.encrypts-all':
    'your homeserver encrypts every private room, and I cannot read encrypted messages. The person who runs it can change that.',
  'matrix.encrypted-room': 'I cannot read encrypted messages. Please start a chat with me in a room without encryption.',
  'matrix.encrypted-message':
    'Not delivered: I cannot read encrypted messages. Please start a chat with me in a room without encryption.',
  'matrix.unsupported': 'Not delivered: pictures, files and the like cannot be carried to this network yet. Only text can.',
  'matrix.edit': 'Your change was not delivered: a message cannot be changed on this network once it is sent.',
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
} as const
