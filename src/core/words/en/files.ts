// What the server behind the links to files says to those who open one.

export const files = {
  'file.gone': 'This file is not here any more: the link has expired, or whoever sent it took it back. Please ask them for it.',
  'file.too-large': 'This file is too large to be fetched here. Please ask whoever sent it for a smaller one.',
  'file.too-often': 'Too much is being fetched from here. Please try again in a minute.',
  'file.unreachable': 'This file cannot be fetched at the moment. Please try again later.',
  'file.cannot-listen': 'Nudge cannot listen for those who fetch files: {detail}. Change matrix.media.listen.',
} as const
