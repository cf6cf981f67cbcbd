import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  Validity,
} from '@peculiar/asn1-x509';
import { sha256 } from '../base/digests.ts';
import { parseAddress } from '../base/networks.ts';
import type { KeyAlgorithm } from '../cluster/cluster.ts';

/** Organisations first, then the common name, each a relative distinguished name of its own. */
export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** What a certificate says of its issuer. */
export interface IssuerName {
  /** Name, DER. */
  readonly name: Uint8Array;
  readonly keyId: Uint8Array;
}

/** Everything that a certificate says (RFC 5280, 4.1), but for the signature over it. */
export interface CertificateContent {
  /** 1 to 20 octets, the first below 0x80: a positive number. */
  readonly serial: Uint8Array;
  readonly subject: Subject;
  /** Undefined: the certificate is its own issuer. */
  readonly issuer: IssuerName | undefined;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly algorithm: KeyAlgorithm;
  /** Of the key that signs. */
  readonly issuerAlgorithm: KeyAlgorithm;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A CA may sign leaves and no further CA. */
  readonly ca: boolean;
  readonly usages: readonly ('server' | 'client')[];
  readonly dnsNames: readonly string[];
  /** Canonical text of IPv4 and IPv6 addresses. */
  readonly ipAddresses: readonly string[];
}

/** X.520 */
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** RFC 5758, 3.2 and RFC 4055, 5: ecdsa-with-SHA256, ecdsa-with-SHA384, sha256WithRSAEncryption, whose parameters are NULL. */
const SIGNATURES: Readonly<Partial<Record<KeyAlgorithm, string>>> & { readonly rsa: string } = {
  'ecdsa-p256': '1.2.840.10045.4.3.2',
  'ecdsa-p384': '1.2.840.10045.4.3.3',
  rsa: '1.2.840.113549.1.1.11',
};

/** The DER of a TBSCertificate: the bytes that the issuer signs. */
export function toBeSigned(content: CertificateContent): Uint8Array {
  const keyId = keyIdOf(content.publicKey);
  const subject = nameOf(content.subject);
  const issuer = content.issuer ?? { name: subject, keyId };
  const { notBefore, notAfter } = content;
  const version3 = der(0xa0, der(0x02, Uint8Array.of(2)));
  return der(
    0x30,
    version3,
    der(0x02, content.serial),
    signatureAlgorithm(content.issuerAlgorithm),
    issuer.name,
    once(`${notBefore.toISOString()} ${notAfter.toISOString()}`, () => new Validity({ notBefore, notAfter })),
    subject,
    content.publicKey,
    der(0xa3, der(0x30, ...extensions(content, keyId, issuer.keyId))),
  );
}

/** A whole certificate as PEM. `signature` is DER for ECDSA, as RSA gives it for RSA. */
export function certificatePem(tbs: Uint8Array, algorithm: KeyAlgorithm, signature: Uint8Array): string {
  const bits = der(0x03, Uint8Array.of(0), signature);
  return pem('CERTIFICATE', der(0x30, tbs, signatureAlgorithm(algorithm), bits));
}

/** Issuer name and key id of a CA's certificate, exactly as that certificate has them. */
export function issuerNameOf(certificate: string): IssuerName {
  const base64 = certificate.replace(/-----[A-Z ]+-----/g, '');
  const { tbsCertificate: tbs } = AsnConvert.parse(Buffer.from(base64, 'base64'), Certificate);
  return { name: encode(tbs.subject), keyId: keyIdOf(encode(tbs.subjectPublicKeyInfo)) };
}

/** PEM (RFC 7468) without a line feed at its end. */
export function pem(label: string, data: Uint8Array): string {
  const lines =
    Buffer.from(data)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

function extensions(content: CertificateContent, keyId: Uint8Array, issuerKeyId: Uint8Array): Uint8Array[] {
  const { ca, usages, dnsNames, ipAddresses } = content;
  const authority = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(bufferOf(issuerKeyId)) });
  const usage = keyUsage(content);
  const all = [
    once(`ca ${String(ca)}`, () =>
      extension(id_ce_basicConstraints, true, new BasicConstraints(ca ? { cA: true, pathLenConstraint: 0 } : {})),
    ),
    once(`usage ${String(usage)}`, () => extension(id_ce_keyUsage, true, new KeyUsage(usage))),
    encode(extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(bufferOf(keyId)))),
    once(`issuer ${Buffer.from(issuerKeyId).toString('hex')}`, () =>
      extension(id_ce_authorityKeyIdentifier, false, authority),
    ),
  ];
  if (usages.length > 0) {
    const purposes = usages.map((usage) => (usage === 'server' ? id_kp_serverAuth : id_kp_clientAuth));
    all.push(once(usages.join(), () => extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage(purposes))));
  }
  if (dnsNames.length + ipAddresses.length > 0) {
    const names = [
      ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
      ...ipAddresses.map((text) => new GeneralName({ iPAddress: canonical(text) })),
    ];
    all.push(encode(extension(id_ce_subjectAltName, false, new SubjectAlternativeName(names))));
  }
  return all;
}

/** RSA leaves may also encipher a key, as TLS 1.2's RSA key exchange has it; an ECDSA key only signs. */
function keyUsage({ ca, algorithm }: CertificateContent): number {
  if (ca) return KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  return KeyUsageFlags.digitalSignature | (algorithm.startsWith('rsa') ? KeyUsageFlags.keyEncipherment : 0);
}

function extension(extnID: string, critical: boolean, value: object): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function signatureAlgorithm(algorithm: KeyAlgorithm): Uint8Array {
  const oid = SIGNATURES[algorithm] ?? SIGNATURES.rsa;
  return once(
    oid,
    () => new AlgorithmIdentifier({ algorithm: oid, ...(oid === SIGNATURES.rsa && { parameters: null }) }),
  );
}

/** RFC 7093, 2, method 4, cut to 160 bits: the SHA-256 of the whole SubjectPublicKeyInfo. */
function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return Buffer.from(sha256(publicKey).slice(0, 40), 'hex');
}

/** A distinguished name, DER. */
export function nameOf({ commonName, organizations }: Subject): Uint8Array {
  const rdn = (type: string, text: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: directoryString(text) })]);
  return encode(new Name([...organizations.map((o) => rdn(ORGANIZATION, o)), rdn(COMMON_NAME, commonName)]));
}

/** PrintableString where its alphabet allows, UTF8String else (RFC 5280, 4.1.2.4). */
function directoryString(text: string): AttributeValue {
  const printable = /^[A-Za-z0-9 '()+,\-./:=?]+$/.test(text);
  return new AttributeValue(printable ? { printableString: text } : { utf8String: text });
}

function canonical(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === undefined) throw new Error(`"${address}" in a certificate is no address`);
  return parsed.text;
}

/**
 * One DER value. The outer shells are put together here and the parts that thousands of certificates share are encoded
 * once, because the library takes three times as long for the whole.
 */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets = length < 0x80 ? [] : length < 0x100 ? [0x81] : [0x82, length >> 8];
  return Buffer.concat([Uint8Array.from([tag, ...octets, length & 0xff]), ...parts]);
}

function once(key: string, make: () => object): Uint8Array {
  const known = encoded.get(key) ?? encode(make());
  encoded.set(key, known);
  return known;
}

const encoded = new Map<string, Uint8Array>();

function encode(value: object): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
