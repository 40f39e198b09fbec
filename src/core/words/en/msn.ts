// What msn says to people.

export const msn = {
  'msn.wrong-password': 'the address or the password is wrong.',
  'msn.barred': 'the account is closed or was never confirmed (error {number}).',
  'msn.no-common-dialect': 'the server speaks no version of MSN that Nudge speaks.',
  'msn.terms-of-use': 'the network wants you to accept its terms of use first.',
  'msn.displaced': 'the account signed in somewhere else.',
  'msn.connection-lost': 'the connection to the server was lost.',
  'msn.server-closing': 'the server is closing and asked us to come back later.',
} as const
