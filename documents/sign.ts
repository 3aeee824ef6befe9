/** Signs documents: PAdES baseline B (ETSI EN 319 142-1) by a certificate and its key. */
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { Integer, ObjectIdentifier, OctetString, Sequence, Utf8String } from 'asn1js'
import { Attribute, AttributeTypeAndValue, BasicConstraints, Certificate, ContentInfo, CryptoEngine, EncapsulatedContentInfo, Extension, id_ContentType_Data, IssuerAndSerialNumber, setEngine, SignedAndUnsignedAttributes, SignedData, SignerInfo } from 'pkijs'
import { keepOnce } from '../keys.ts'
import { shanghai } from '../model/instants.ts'
import { withSignatureField } from './incremental.ts'

setEngine('node', new CryptoEngine({ name: 'node', crypto: webcrypto as never }))

/** Certificate with its chain, the signer's first, and the key, in PEM format. */
export interface Credentials { certificate: string, key: string, isTest?: boolean }

export interface Signer {
  /** Made by the system itself: it proves nothing to others. */
  isTest: boolean
  /** Why nothing can be signed at this instant, as a sentence; undefined where it can. */
  why(at: Date): string | undefined
  sign(pdf: Buffer, at: Date): Promise<Buffer>
}

/** @throws Error where key and certificate do not belong together, or are of a kind that cannot sign */
export async function createSigner({ certificate, key, isTest = false }: Credentials): Promise<Signer> {
  const chain = [...certificate.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([pem]) => new X509Certificate(pem))
  const own = chain[0]
  const privateKey = createPrivateKey(key)
  if (!own?.checkPrivateKey(privateKey)) throw new Error('the certificate for signing is not that of its key')
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : privateKey.asymmetricKeyType === 'ec' ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } : undefined
  if (!algorithm) throw new Error('the key for signing must be of RSA, or ECDSA on P-256')
  const signing = await webcrypto.subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, false, ['sign'])
  const certificates = chain.map(one => Certificate.fromBER(one.raw))
  const [from, until] = [new Date(own.validFrom), new Date(own.validTo)]
  const name = /^CN=(.*)$/m.exec(own.subject)?.[1] ?? own.subject

  async function cms(content: Buffer): Promise<Buffer> {
    const digest = createHash('sha256').update(content).digest()
    // Which certificate it was signed with (RFC 5035): SHA-256 is what is meant where none is named.
    const signingCertificate = new Sequence({ value: [new Sequence({ value: [new Sequence({ value: [new OctetString({ valueHex: createHash('sha256').update(own!.raw).digest() })] })] })] })
    const signer = new SignerInfo({
      version: 1, sid: new IssuerAndSerialNumber({ issuer: certificates[0]!.issuer, serialNumber: certificates[0]!.serialNumber }),
      signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: [
        new Attribute({ type: '1.2.840.113549.1.9.3', values: [new ObjectIdentifier({ value: id_ContentType_Data })] }),
        new Attribute({ type: '1.2.840.113549.1.9.4', values: [new OctetString({ valueHex: digest })] }),
        new Attribute({ type: '1.2.840.113549.1.9.16.2.47', values: [signingCertificate] }),
      ] }),
    })
    const data = new SignedData({ version: 1, encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_ContentType_Data }), signerInfos: [signer], certificates })
    await data.sign(signing as never, 0, 'SHA-256', new Uint8Array(content))
    return Buffer.from(new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: data.toSchema(true) }).toSchema().toBER())
  }

  return {
    isTest,
    why(at) {
      if (at < from) return `签名证书自 ${shanghai(from)} 起才有效，现在不能出具文书。请联系系统管理员。`
      if (at > until) return `签名证书已于 ${shanghai(until)} 过期，不能出具文书。请系统管理员更换证书后再办。`
      return undefined
    },
    async sign(pdf, at) {
      const { signed, fill } = withSignatureField(pdf, { signer: name, at, reason: '出具文书' })
      return fill(await cms(signed))
    },
  }
}

/** A certificate of our own making, for trying out: whoever checks it is told that nobody vouches for it. */
export async function makeTestCredentials(office: string, days = 3650): Promise<Credentials> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = new Certificate({ version: 2, serialNumber: new Integer({ value: 1 }) })
  for (const one of [certificate.subject, certificate.issuer]) one.typesAndValues.push(new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: `${office}（测试证书）` }) }))
  certificate.notBefore.value = new Date('2000-01-01')
  certificate.notAfter.value = new Date(Date.now() + days * 86_400_000)
  certificate.extensions = [new Extension({ extnID: '2.5.29.19', critical: true, extnValue: new BasicConstraints({ cA: false }).toSchema().toBER(), parsedValue: new BasicConstraints({ cA: false }) })]
  await certificate.subjectPublicKeyInfo.importKey(publicKey as never)
  await certificate.sign(privateKey as never, 'SHA-256')
  const pem = (label: string, der: ArrayBuffer) => `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`
  return { certificate: pem('CERTIFICATE', certificate.toSchema().toBER()), key: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', privateKey)), isTest: true }
}

/** The office's own, or one that is made once and kept in `path`. */
export async function loadSigner(given: Credentials | undefined, office: string, path: string): Promise<Signer> {
  return createSigner(given ?? JSON.parse((await keepOnce(path, async () => JSON.stringify(await makeTestCredentials(office)))).toString()) as Credentials)
}
