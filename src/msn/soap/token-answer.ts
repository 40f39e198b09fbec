// RST and RST2: the answer with the tokens, or the fault (msnp-services.md A5, A6). No client matches it by its schema; some match its text, so
// prefixes, Ids and the absence of white space are part of it (real-clients.md 1 to 3).

import { Secret } from '../../core/secret.ts'
import type { TokenForm, WantedToken } from './tokens.ts'
import { legacyAddress, tokenNamespaces, tokenTime } from './tokens.ts'
import type { Element, Xml } from './xml.ts'
import { childOf, childrenOf, escapeXml, findIn, parseXml, tag, textOf, textTag, xmlDocument } from './xml.ts'

/** A token as the answer carries it. */
export interface GrantedToken extends WantedToken {
  /** `t=…&p=`; of the legacy token, which is no ticket, the sealed data. */
  readonly ticket: Secret
  /** The `BinarySecret`, in base64: of the legacy token, and of that for `messengerclear.live.com`. */
  readonly secret?: Secret | undefined
}

export interface GrantedTokens {
  readonly tokens: readonly GrantedToken[]
  /** 16 hex digits that stand for the account. */
  readonly puid: string
  readonly account: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly expires: number
}

/** A token as a client gets it. */
export interface ReceivedToken {
  readonly address: string
  readonly ticket: Secret
  readonly secret?: Secret
  /** Milliseconds since 1970, if the server says. */
  readonly expires?: number
}

/** What a server answers. `refused`: the password is wrong, and asking again is no use. `fault`: anything else. */
export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly tokens: readonly ReceivedToken[] }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'fault'; readonly reason: string }

/** Why nobody gets a token: the password is wrong, or the request cannot be read. */
export type TokenFault = 'refused' | 'invalid'

const psf = { 'xmlns:psf': 'http://schemas.microsoft.com/Passport/SoapServices/SOAPFault' }
const version = '3.100.2179.0'
/** Of what others say, in characters. */
const longestReason = 200

/** The answer: every token that was asked for, in the order of the request. */
export function writeTokens(form: TokenForm, granted: GrantedTokens): string {
  const tokens = granted.tokens.map((token) => writeToken(form, token, granted))
  return envelope(
    form,
    [form === 'RST' ? undefined : routing(granted), standing(form, granted)],
    [tag('wst:RequestSecurityTokenResponseCollection', tokens)],
  )
}

/** The answer that there is none. At RST2 the fault stands in the body, at RST in its place. */
export function writeTokenFault(form: TokenForm, fault: TokenFault): string {
  const text = fault === 'refused' ? 'Authentication Failure' : 'Invalid Request'
  const code = fault === 'refused' ? 'FailedAuthentication' : 'InvalidRequest'
  if (form === 'RST') {
    const written = tag('S:Fault', [
      textTag('faultcode', fault === 'refused' ? `wsse:${code}` : 'S:Client'),
      textTag('faultstring', text),
    ])
    const header = fault === 'refused' ? tag('S:Header', refusal('0x80048823')) : undefined
    return xmlDocument(tag('S:Envelope', [header, written], { ...tokenNamespaces[form], ...psf }))
  }
  const [value, inner] = fault === 'refused' ? ['0x80048821', '0x80041012'] : ['0x80048820', '0x80045c01']
  const detail = tag('psf:error', [
    textTag('psf:value', value),
    tag('psf:internalerror', [textTag('psf:code', inner), textTag('psf:text', text)]),
  ])
  const written = tag('S:Fault', [
    tag('S:Code', [textTag('S:Value', 'S:Sender'), tag('S:Subcode', textTag('S:Value', `wst:${code}`))]),
    tag('S:Reason', tag('S:Text', escapeXml(text), { 'xml:lang': 'en-US' })),
    tag('S:Detail', detail),
  ])
  return envelope(form, [refusal(value)], [written])
}

/** Reads an answer of either form. Undefined when it is not XML, or neither tokens nor a fault. */
export function readTokenAnswer(xml: string): TokenAnswer | undefined {
  const root = parseXml(xml)
  const fault = findIn(root, 'Fault')
  if (fault) return readFault(root, fault)
  const tokens: ReceivedToken[] = []
  for (const response of responsesIn(childOf(root, 'Body'))) {
    const token = readToken(response)
    if (token) tokens.push(token)
  }
  return tokens.length === 0 ? undefined : { kind: 'tokens', tokens }
}

function writeToken(form: TokenForm, token: GrantedToken, { created, expires }: GrantedTokens): Xml {
  const legacy = token.address === legacyAddress
  const id = legacy ? 'BinaryDAToken0' : `Compact${token.number}`
  const life = tag(form === 'RST' ? 'wst:LifeTime' : 'wst:Lifetime', [
    textTag('wsu:Created', tokenTime(created)),
    textTag('wsu:Expires', tokenTime(expires)),
  ])
  const data = legacy ? sealed(id, token.ticket) : tag('wsse:BinarySecurityToken', escapeXml(token.ticket.reveal()), { Id: id })
  return tag('wst:RequestSecurityTokenResponse', [
    textTag('wst:TokenType', legacy ? 'urn:passport:legacy' : 'urn:passport:compact'),
    tag('wsp:AppliesTo', tag('wsa:EndpointReference', textTag('wsa:Address', token.address))),
    life,
    tag('wst:RequestedSecurityToken', data),
    form === 'RST' ? reference(id, legacy ? 'urn:passport' : 'urn:passport:compact') : references(id),
    token.secret && tag('wst:RequestedProofToken', textTag('wst:BinarySecret', token.secret.reveal())),
  ])
}

function sealed(id: string, ticket: Secret): Xml {
  const key = tag('ds:KeyInfo', textTag('ds:KeyName', 'http://Passport.NET/STS'), {
    'xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#',
  })
  return tag(
    'EncryptedData',
    [
      tag('EncryptionMethod', undefined, { Algorithm: 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc' }),
      key,
      tag('CipherData', textTag('CipherValue', ticket.reveal())),
    ],
    { xmlns: 'http://www.w3.org/2001/04/xmlenc#', Id: id, Type: 'http://www.w3.org/2001/04/xmlenc#Element' },
  )
}

function reference(id: string, type: string): Xml {
  return tag('wst:RequestedTokenReference', [
    tag('wsse:KeyIdentifier', undefined, { ValueType: type }),
    tag('wsse:Reference', undefined, { URI: `#${id}` }),
  ])
}

function references(id: string): Xml[] {
  const inside = tag('wsse:SecurityTokenReference', tag('wsse:Reference', undefined, { URI: Buffer.from(id).toString('base64') }))
  return [tag('wst:RequestedAttachedReference', inside), tag('wst:RequestedUnattachedReference', inside)]
}

function routing({ created }: GrantedTokens): Xml[] {
  const times = [textTag('wsu:Created', tokenTime(created)), textTag('wsu:Expires', tokenTime(created + 300_000))]
  return [
    tag('wsa:Action', escapeXml('http://schemas.xmlsoap.org/ws/2005/02/trust/RSTR/Issue'), { 'S:mustUnderstand': '1' }),
    tag('wsa:To', escapeXml('http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous'), { 'S:mustUnderstand': '1' }),
    tag('wsse:Security', tag('wsu:Timestamp', times, { 'wsu:Id': 'TS' }), { 'S:mustUnderstand': '1' }),
  ]
}

/** Who signed in, as the answer's header says it. */
function standing(form: TokenForm, { puid, account, created }: GrantedTokens): Xml {
  const property = (name: string, value: string) => tag('psf:credProperty', escapeXml(value), { Name: name })
  return tag('psf:pp', [
    textTag('psf:serverVersion', 1),
    textTag('psf:PUID', puid),
    textTag('psf:configVersion', version),
    textTag('psf:uiVersion', version),
    textTag('psf:mobileConfigVersion', version),
    form === 'RST' ? undefined : textTag('psf:appDataVersion', 1),
    textTag('psf:authstate', '0x48803'),
    textTag('psf:reqstatus', '0x0'),
    tag('psf:serverInfo', undefined, {
      Path: 'Live1',
      RollingUpgradeState: 'ExclusiveNew',
      LocVersion: '0',
      ServerTime: tokenTime(created),
    }),
    tag('psf:cookies'),
    tag('psf:credProperties', [
      property('MainBrandID', 'MSFT'),
      property('BrandIDList', ''),
      property('IsWinLiveUser', 'true'),
      property('CID', puid.toLowerCase()),
      property('AuthMembername', account),
      property('Country', ''),
      property('Language', '1033'),
      property('FirstName', ''),
      property('LastName', ''),
      property('ChildFlags', '00000001'),
      property('Flags', '40100643'),
      property('FlagsV2', '00000000'),
    ]),
    tag('psf:extProperties'),
    tag('psf:response'),
  ])
}

function refusal(status: string): Xml {
  return tag('psf:pp', [
    textTag('psf:serverVersion', 1),
    textTag('psf:authstate', '0x80048800'),
    textTag('psf:reqstatus', status),
  ])
}

function envelope(form: TokenForm, header: readonly (Xml | readonly Xml[] | undefined)[], body: readonly Xml[]): string {
  const parts = [tag('S:Header', header), tag('S:Body', body)]
  return xmlDocument(tag('S:Envelope', parts, { ...tokenNamespaces[form], ...psf }))
}

/** The answer to one token alone may stand in the body without a collection. */
function responsesIn(body: Element | undefined): readonly Element[] {
  return childrenOf(findIn(body, 'RequestSecurityTokenResponseCollection') ?? body, 'RequestSecurityTokenResponse')
}

/** A token by its address, never by its Id, which servers number differently. A request that failed alone has none. */
function readToken(response: Element): ReceivedToken | undefined {
  const address = textOf(response, 'AppliesTo', 'EndpointReference', 'Address')
  const requested = childOf(response, 'RequestedSecurityToken')
  const ticket = textOf(requested, 'BinarySecurityToken') ?? textOf(requested, 'EncryptedData', 'CipherData', 'CipherValue')
  if (!address || !ticket) return undefined
  const secret = textOf(response, 'RequestedProofToken', 'BinarySecret')
  const expires = Date.parse(textOf(childOf(response, 'LifeTime') ?? childOf(response, 'Lifetime'), 'Expires') ?? '')
  return {
    address,
    ticket: new Secret(ticket),
    ...(secret && { secret: new Secret(secret) }),
    ...(!Number.isNaN(expires) && { expires }),
  }
}

function readFault(root: Element | undefined, fault: Element): TokenAnswer {
  const to = findIn(root, 'redirectUrl')?.text.trim()
  if (to) return { kind: 'redirect', to }
  const code = textOf(fault, 'faultcode') ?? textOf(fault, 'Code', 'Subcode', 'Value') ?? ''
  const text = textOf(fault, 'faultstring') ?? textOf(fault, 'Reason', 'Text') ?? ''
  const reason = (text || code).slice(0, longestReason)
  return { kind: /(?:^|:)FailedAuthentication$/.test(code) ? 'refused' : 'fault', reason }
}
