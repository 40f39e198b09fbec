// RST: tickets for a password by SOAP, as MSN 7.5 and many later clients ask for them (msnp-services.md A5). Pure.

import { createHash, randomBytes } from 'node:crypto'
import { SaxesParser } from 'saxes'
import { Secret } from '../../../core/secret.ts'

/** What one token is for, and its number: tokens are found by it. */
interface Wanted {
  readonly number: number
  readonly address: string
}

export interface TokenRequest {
  readonly account: string
  readonly password: Secret
  readonly wanted: readonly Wanted[]
}

/** The token with which others could be renewed; it has no number of its own. */
const legacyAddress = 'http://Passport.NET/tb'
const mostTokens = 32

/** Reads a request. Undefined when it is not XML, has a DOCTYPE, or names nobody. Prefixes of elements do not matter. */
export function readTokenRequest(xml: string): TokenRequest | undefined {
  const path: string[] = []
  const texts = { Username: '', Password: '' }
  const wanted: { number: number; address: string }[] = []
  let broken = false
  const parser = new SaxesParser()
  parser.on('error', () => {
    broken = true
  })
  parser.on('doctype', () => {
    broken = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    const local = name.replace(/^.*:/, '')
    path.push(local)
    if (local === 'RequestSecurityToken')
      wanted.push({ number: Number(/\d+$/.exec(attributes['Id'] ?? '')?.[0] ?? 1), address: '' })
  })
  parser.on('text', (text) => {
    const inside = path.at(-1)
    const token = wanted.at(-1)
    if (inside === 'Username' || inside === 'Password') texts[inside] += text
    else if ((inside === 'Address' || inside === 'ServiceName') && token) token.address += text.trim()
  })
  parser.on('closetag', () => {
    path.pop()
  })
  parser.write(xml).close()
  if (broken || texts.Username === '' || wanted.length > mostTokens) return undefined
  return { account: texts.Username.trim(), password: new Secret(texts.Password), wanted }
}

const namespaces = {
  S: 'http://schemas.xmlsoap.org/soap/envelope/',
  wsse: 'http://schemas.xmlsoap.org/ws/2003/06/secext',
  wsp: 'http://schemas.xmlsoap.org/ws/2002/12/policy',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  wsa: 'http://schemas.xmlsoap.org/ws/2004/03/addressing',
  wst: 'http://schemas.xmlsoap.org/ws/2004/04/trust',
  psf: 'http://schemas.microsoft.com/Passport/SoapServices/SOAPFault',
}

/** The answer: the ticket under every address that was asked for. Nothing stands between sibling elements, which libpurple does not survive. */
export function writeTokens({ account, wanted }: TokenRequest, ticket: Secret, now: number, seconds: number): string {
  const life = `<wst:LifeTime><wsu:Created>${time(now)}</wsu:Created><wsu:Expires>${time(now + seconds * 1000)}</wsu:Expires></wst:LifeTime>`
  const puid = createHash('sha256').update(account.toLowerCase()).digest('hex').slice(0, 16).toUpperCase()
  const header = `<psf:pp><psf:serverVersion>1</psf:serverVersion><psf:PUID>${puid}</psf:PUID><psf:authstate>0x48803</psf:authstate><psf:reqstatus>0x0</psf:reqstatus></psf:pp>`
  const tokens = wanted.map((token) => (token.address === legacyAddress ? legacyToken(life) : compactToken(token, ticket, life)))
  return envelope(
    `<S:Header>${header}</S:Header><S:Body><wst:RequestSecurityTokenResponseCollection>${tokens.join('')}</wst:RequestSecurityTokenResponseCollection></S:Body>`,
  )
}

/** Nobody gets a ticket: the password is wrong, or the request cannot be read. */
export function writeTokenFault(reason: 'refused' | 'invalid'): string {
  if (reason === 'invalid') return fault('S:Client', 'Invalid Request')
  const header = `<S:Header><psf:pp><psf:authstate>0x80048800</psf:authstate><psf:reqstatus>0x80048823</psf:reqstatus></psf:pp></S:Header>`
  return fault('wsse:FailedAuthentication', 'Authentication Failure', header)
}

function compactToken({ number, address }: Wanted, ticket: Secret, life: string): string {
  const id = `Compact${number}`
  return response(
    'urn:passport:compact',
    address,
    life,
    `<wst:RequestedSecurityToken><wsse:BinarySecurityToken Id="${id}">${escaped(ticket.reveal())}</wsse:BinarySecurityToken></wst:RequestedSecurityToken>`,
    id,
  )
}

/** Opaque, and good for nothing: clients that try to renew by it sign in again. */
function legacyToken(life: string): string {
  const cipher = `<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#tripledes-cbc"></EncryptionMethod><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyName>http://Passport.NET/STS</ds:KeyName></ds:KeyInfo><CipherData><CipherValue>${randomBytes(48).toString('base64')}</CipherValue></CipherData>`
  const data = `<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#" Id="BinaryDAToken0" Type="http://www.w3.org/2001/04/xmlenc#Element">${cipher}</EncryptedData>`
  const proof = `<wst:RequestedProofToken><wst:BinarySecret>${randomBytes(24).toString('base64')}</wst:BinarySecret></wst:RequestedProofToken>`
  const token = `<wst:RequestedSecurityToken>${data}</wst:RequestedSecurityToken>`
  return response('urn:passport:legacy', legacyAddress, life, token, 'BinaryDAToken0', proof)
}

function response(type: string, address: string, life: string, token: string, reference: string, proof = ''): string {
  const applies = `<wsp:AppliesTo><wsa:EndpointReference><wsa:Address>${escaped(address)}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>`
  const kind = type === 'urn:passport:legacy' ? 'urn:passport' : type
  const found = `<wst:RequestedTokenReference><wsse:KeyIdentifier ValueType="${kind}"></wsse:KeyIdentifier><wsse:Reference URI="#${reference}"></wsse:Reference></wst:RequestedTokenReference>`
  return `<wst:RequestSecurityTokenResponse><wst:TokenType>${type}</wst:TokenType>${applies}${life}${token}${found}${proof}</wst:RequestSecurityTokenResponse>`
}

/** A fault stands right under the envelope. */
function fault(code: string, text: string, header = ''): string {
  return envelope(`${header}<S:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></S:Fault>`)
}

function envelope(content: string): string {
  const names = Object.entries(namespaces).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  return `<?xml version="1.0" encoding="utf-8"?><S:Envelope${names.join('')}>${content}</S:Envelope>`
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => escapes[char] ?? char)
}
