// RST and RST2: somebody asks for tokens with a password, one for each service (msnp-services.md A5, A6). The answer is in token-answer.ts. The two
// are one document with other names of the same things; reading goes by the names that they share.

import { Secret } from '../../core/secret.ts'
import type { Element, Xml } from './xml.ts'
import { childOf, childrenOf, findIn, parseXml, tag, textOf, textTag, xmlDocument } from './xml.ts'

/** RST is SOAP 1.1, of MSN 7.5 to WLM 8.5; RST2 is SOAP 1.2, of WLM 2009 and later. */
export type TokenForm = 'RST' | 'RST2'

/** One token that is asked for. */
export interface WantedToken {
  /** The service, or the legacy address, which stands for a token with which others could be renewed. */
  readonly address: string
  /** How the token shall be made, as `USR SSO S` names it for `messengerclear.live.com`. */
  readonly policy?: string | undefined
  /** The number of the request, N of `RSTN`: some clients find the answer by it. */
  readonly number: number
}

export interface TokenRequest {
  readonly account: string
  readonly password: Secret
  /** In the order of the request. */
  readonly wanted: readonly WantedToken[]
}

/** What every client asks for first, under number 0. */
export const legacyAddress = 'http://Passport.NET/tb'

const mostTokens = 32
const passport = 'http://schemas.microsoft.com/Passport/SoapServices/PPCRL'
const utility = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'

/** What the prefixes stand for. msn-pecan looks for the prefixes and not for this, so they are the same in both forms (real-clients.md 3). */
export const tokenNamespaces: Readonly<Record<TokenForm, Readonly<Record<string, string>>>> = {
  RST: {
    'xmlns:S': 'http://schemas.xmlsoap.org/soap/envelope/',
    'xmlns:wsse': 'http://schemas.xmlsoap.org/ws/2003/06/secext',
    'xmlns:wsp': 'http://schemas.xmlsoap.org/ws/2002/12/policy',
    'xmlns:wsu': utility,
    'xmlns:wsa': 'http://schemas.xmlsoap.org/ws/2004/03/addressing',
    'xmlns:wst': 'http://schemas.xmlsoap.org/ws/2004/04/trust',
  },
  RST2: {
    'xmlns:S': 'http://www.w3.org/2003/05/soap-envelope',
    'xmlns:wsse': 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
    'xmlns:wsp': 'http://schemas.xmlsoap.org/ws/2004/09/policy',
    'xmlns:wsu': utility,
    'xmlns:wsa': 'http://www.w3.org/2005/08/addressing',
    'xmlns:wst': 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  },
}

const issue: Readonly<Record<TokenForm, string>> = {
  RST: 'http://schemas.xmlsoap.org/ws/2004/04/security/trust/Issue',
  RST2: 'http://schemas.xmlsoap.org/ws/2005/02/trust/Issue',
}

/** Seconds that a request says it is good for. */
const requestLifetime = 300

/** A moment as these documents write it: UTC, without parts of a second. */
export function tokenTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** A request. The legacy token has to be the first that is wanted, as official servers expect it. `now` is in milliseconds. */
export function writeTokenRequest(form: TokenForm, { account, password, wanted }: TokenRequest, now: number): Secret {
  const user = tag('wsse:UsernameToken', [textTag('wsse:Username', account), textTag('wsse:Password', password.reveal())], {
    [form === 'RST' ? 'Id' : 'wsu:Id']: 'user',
  })
  const security = tag('wsse:Security', [user, form === 'RST' ? undefined : timestamp(now)])
  const routing =
    form === 'RST'
      ? undefined
      : [
          textTag('wsa:Action', 'http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue'),
          textTag('wsa:To', 'HTTPS://login.live.com:443//RST2.srf'),
          textTag('wsa:MessageID', String(now)),
        ]
  const asked = tag(
    'ps:RequestMultipleSecurityTokens',
    wanted.map((token) => writeWanted(form, token)),
    { 'xmlns:ps': passport, Id: 'RSTS' },
  )
  const parts = [tag('S:Header', [routing, authInfo(form), security]), tag('S:Body', asked)]
  return new Secret(xmlDocument(tag('S:Envelope', parts, tokenNamespaces[form])))
}

/** Reads a request of either form. Undefined when it is not XML, has a DOCTYPE, or names nobody, no token or too many. */
export function readTokenRequest(xml: string): TokenRequest | undefined {
  const root = parseXml(xml) ?? parseXml(withPasswordMended(xml))
  const user = findIn(root, 'UsernameToken')
  const account = textOf(user, 'Username')
  const password = childOf(user, 'Password')?.text
  const body = childOf(root, 'Body')
  // Who wants one token alone may leave the list out.
  const asked = childrenOf(findIn(body, 'RequestMultipleSecurityTokens') ?? body, 'RequestSecurityToken')
  if (!account || password === undefined || asked.length === 0 || asked.length > mostTokens) return undefined
  return { account, password: new Secret(password), wanted: numbered(asked) }
}

function writeWanted(form: TokenForm, { address, policy, number }: WantedToken): Xml {
  return tag(
    'wst:RequestSecurityToken',
    [
      textTag('wst:RequestType', issue[form]),
      tag('wsp:AppliesTo', tag('wsa:EndpointReference', textTag('wsa:Address', address))),
      policy === undefined ? undefined : tag('wsse:PolicyReference', undefined, { URI: policy }),
    ],
    { Id: `RST${number}` },
  )
}

function authInfo(form: TokenForm): Xml {
  return tag(
    'ps:AuthInfo',
    [
      textTag('ps:HostingApp', '{7108E71A-9926-4FCB-BCC9-9A9D3F32E423}'),
      textTag('ps:BinaryVersion', form === 'RST' ? 4 : 5),
      textTag('ps:UIVersion', 1),
      tag('ps:Cookies'),
      textTag('ps:RequestParams', 'AQAAAAIAAABsYwQAAAAxMDMz'),
    ],
    { 'xmlns:ps': passport, Id: 'PPAuthInfo' },
  )
}

function timestamp(now: number): Xml {
  const end = now + requestLifetime * 1000
  return tag('wsu:Timestamp', [textTag('wsu:Created', tokenTime(now)), textTag('wsu:Expires', tokenTime(end))], {
    'wsu:Id': 'Timestamp',
  })
}

/**
 * The numbers by which clients find their tokens again: their own or, where those would not tell the tokens apart, the places. The legacy token
 * counts in neither (real-clients.md 2).
 */
function numbered(asked: readonly Element[]): WantedToken[] {
  const read = asked.map((element) => ({
    address: addressIn(element),
    policy: childOf(element, 'PolicyReference')?.attributes['URI'],
    number: Number(/^\D*(\d{1,4})$/.exec(element.attributes['Id'] ?? '')?.[1] ?? 0),
  }))
  const numbers = read.flatMap((token) => (token.address === legacyAddress ? [] : [token.number]))
  const own = !numbers.includes(0) && new Set(numbers).size === numbers.length
  let place = 0
  return read.map((token) => {
    if (token.address === legacyAddress) return { ...token, number: 0 }
    place++
    return { ...token, number: own ? token.number : place }
  })
}

function addressIn(asked: Element): string {
  const reference = childOf(asked, 'AppliesTo', 'EndpointReference')
  return textOf(reference, 'Address') ?? textOf(reference, 'ServiceName') ?? ''
}

/** msn-pecan writes a password as it is, which breaks the document at a `&`: one that begins no entity is taken for itself, there alone. */
function withPasswordMended(xml: string): string {
  return xml.replace(
    /(<(?:[\w-]{1,32}:)?Password[^<>]{0,256}>)([^<]{1,1024})(?=<\/)/,
    (_whole, opening: string, text: string) =>
      opening + text.replace(/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/gi, '&amp;'),
  )
}
