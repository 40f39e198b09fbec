// What the Matrix side says to people.

export const matrix = {
  'matrix.bot-name': 'Nudge',
  'matrix.welcome': 'Hello! I connect you with your MSN contacts. Write "help" for what I can do, or "login" to begin.',
  'matrix.nudge': 'sends you a nudge',
  'matrix.too-large': 'the message is larger than Matrix allows.',
  'matrix.room-gone': 'the chat room cannot be written to any more.',
  'matrix.refused': 'the homeserver refused the message ({code}).',
  'matrix.not-allowed': 'Your homeserver may not use this gateway. Please ask the person who runs it.',
  'matrix.not-a-direct-chat': 'I can only join a chat that has nobody but you and me in it.',
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
} as const
