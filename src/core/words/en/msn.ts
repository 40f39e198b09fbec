// What msn says to people.

export const msn = {
  'msn.wrong-password': 'the address or the password is wrong.',
  'msn.barred': 'the account is closed or was never confirmed (error {number}).',
  'msn.no-common-dialect': 'the server speaks no version of MSN that Nudge speaks.',
  'msn.terms-of-use': 'the network wants you to accept its terms of use first.',
  'msn.displaced': 'the account signed in somewhere else.',
  'msn.connection-lost': 'the connection to the server was lost.',
  'msn.server-closing': 'the server is closing and asked us to come back later.',
  'msn.no-such-account': 'there is no account {name} on that network.',
  'msn.not-delivered': '{name} did not get it: the MSN server says so.',
  'account.bad-address':
    '"{email}" is not an address for an account. It has the form juliet@example.com and at most 129 letters.',
  'account.hosted': '"{email}" belongs to people of other networks and cannot be an account here. Choose another domain.',
  'account.taken': 'There is an account {email} already. To give it another password, use "passwd".',
  'account.unknown': 'There is no account {email}.',
  'account.empty-password': 'The password of an account cannot be empty.',
  'account.long-password': 'A password can have {longest} letters at most: some MSN clients send no more.',
  'server.cannot-listen': 'The MSN server cannot listen: {detail}. Change the addresses or the ports under "msn" in the config.',
  'msn.invisible': 'you are invisible there, and so cannot begin a chat. Write "presence online" to the bot, then send it again.',
  'msn.nobody-came': 'nobody of this chat is there: {names}.',
  'msn.not-to-all': 'the MSN server says that not everybody in this chat got it.',
  'msn.did-not-come': '{name} was called into this chat and did not come.',
  'msn.nothing-to-show': 'there is nothing in it that an MSN client could show.',
  'vintage-tls.no-file':
    '{file}: cannot be read ({reason}). "nudge ca init", then "nudge ca issue" make it; or set msn.vintageTls.enabled to false.',
  'vintage-tls.cannot-listen':
    'The listener for old clients cannot listen: {detail}. Change msn.vintageTls in the config, or renew its certificate with "nudge ca issue".',
} as const
