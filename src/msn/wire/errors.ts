// What can go wrong on the wire: a peer that breaks the protocol, a caller that asks for what cannot be written, and the
// numbers with which a server refuses (msnp-core.md 1.7).

/** How a peer broke the protocol; stable, for logs, metrics and tests. */
export type ProtocolErrorCode = 'line-too-long' | 'payload-too-long' | 'bad-line' | 'bad-length'

/**
 * The bytes of a peer are not MSNP, or exceed a bound: the connection cannot go on, because where the next command starts is
 * no longer known. The message holds no word of the peer but the verb, so it may be logged.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ProtocolErrorCode

  constructor(code: ProtocolErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A command that cannot stand on a line as it is: a mistake of the caller, never of the peer. The message quotes no argument. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
}

/**
 * The error replies of a server by name (msnp-core.md 1.7). Where a number has two meanings, the name is the more usual one;
 * where several numbers have one meaning, the number stands in the name.
 */
export const errorCodes = {
  syntaxError: 200,
  invalidParameter: 201,
  invalidFederatedUser: 203,
  unroutable: 204,
  noSuchUser: 205,
  domainMissing: 206,
  alreadyLoggedIn: 207,
  invalidHandle: 208,
  invalidFriendlyName: 209,
  listFull: 210,
  invalidPropertyName: 213,
  alreadyThere: 215,
  notOnList: 216,
  notOnline: 217,
  alreadyInMode: 218,
  onOppositeList: 219,
  notAcceptingPages: 220,
  tooManyGroups: 223,
  invalidGroup: 224,
  notInGroup: 225,
  groupNotEmpty: 226,
  groupNotEmpty227: 227,
  groupNameTaken: 228,
  groupNameTooLong: 229,
  cannotRemoveGroupZero: 230,
  missingGroup: 231,
  invalidPhoneNumber: 232,
  unknownPhoneNumber: 233,
  unknownMobileDomain: 234,
  emptyDomain: 240,
  invalidListPayload: 241,
  switchboardFailed: 280,
  transferFailed: 281,
  malformedDirectMessage: 282,
  unknownApplication: 283,
  messageTooLong: 285,
  mobileOutOfFunds: 290,
  fieldMissing: 300,
  tooManyHits: 301,
  notLoggedIn: 302,
  contactListUnavailable: 402,
  contactListError: 403,
  mobileSubscriptionRequired: 413,
  mobileDisabled: 414,
  mobileNoFunds: 415,
  mobileMarketDisabled: 416,
  mobileGloballyDisabled: 417,
  mobileTryLater: 418,
  mobileNoMarket: 419,
  invalidAccountPermissions: 420,
  internalError: 500,
  databaseError: 501,
  commandDisabled: 502,
  upstreamDown: 504,
  federatedPartnerError: 508,
  pageModeMessageError: 509,
  fileOperationFailed: 510,
  detailedError: 511,
  memoryAllocationFailed: 520,
  wrongChallengeResponse: 540,
  mobileAccountMuted: 550,
  mobileAccountDisabled: 551,
  mobileAccountMaxed: 552,
  mobileInternalError: 580,
  serverBusy: 600,
  serverUnavailable: 601,
  peerServerDown: 602,
  databaseUnreachable: 603,
  serverGoingDown: 604,
  serverOutOfService: 605,
  pagingUnavailable: 606,
  couldNotConnect: 700,
  couldNotCreateConnection: 707,
  badClientVersion: 710,
  sessionRestricted: 711,
  sessionOverloaded: 712,
  tooActive: 713,
  tooManySessions: 714,
  notExpected: 715,
  badFriendFile: 717,
  userRestricted: 718,
  sessionFederated: 719,
  userFederated: 726,
  notExpectedYet: 731,
  roamingLogoff: 733,
  tooManyEndpoints: 734,
  changingTooRapidly: 800,
  couldNotDeliver: 801,
  tooBusy910: 910,
  authenticationFailed: 911,
  tooBusy912: 912,
  notWhileHidden: 913,
  unavailable914: 914,
  unavailable915: 915,
  unavailable916: 916,
  signInFailed: 917,
  tooBusy918: 918,
  tooBusy919: 919,
  notAcceptingNewUsers: 920,
  timedOut: 921,
  tooBusy922: 922,
  childWithoutConsent: 923,
  accountNotVerified: 924,
  managedAccountWrongClient: 926,
  accessDenied: 927,
  badTicket: 928,
  wrongServer: 931,
  invalidContactList: 933,
  invalidSignature: 935,
} as const
