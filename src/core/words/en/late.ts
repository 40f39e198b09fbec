// What is said to those whose words come too late.

export const late = {
  'late.left-out':
    'Not delivered: this was said more than {hours} hours ago and has reached me only now. If it still matters, please send it again. Whatever else here is as old is left out, too, and I do not say so each time.',
} as const
