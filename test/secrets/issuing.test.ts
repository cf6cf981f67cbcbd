import { createPublicKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { keys } from '../../generator/host/keys.ts';
import { issue, type CertificateRequest } from '../../generator/secrets/issue.ts';
import type { SecretsSpec } from '../../generator/secrets/specs.ts';
import { fingerprint, type Store } from '../../generator/secrets/store.ts';
import { NOW, specOf, storeOf } from '../support/secrets.ts';

const ALGORITHMS = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const;
let spec: SecretsSpec;
let store: Store;

beforeAll(async () => {
  spec = specOf();
  store = await storeOf(spec);
});

const leafOf = (id: string): X509Certificate => new X509Certificate(store.certificates[id]?.cert ?? '');

describe('a CA', () => {
  test('is its own issuer, may sign leaves, and lives for its years', () => {
    const ca = new X509Certificate(store.cas['cluster-ca']?.current.cert ?? '');
    expect(ca.ca).toBe(true);
    expect(ca.subject).toBe('CN=demo cluster-ca');
    expect(ca.issuer).toBe(ca.subject);
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(new Date(ca.validFrom)).toEqual(new Date('2030-01-02T02:04:05Z'));
    expect(new Date(ca.validTo)).toEqual(new Date('2040-01-02T03:04:05Z'));
    expect(store.cas['cluster-ca']?.current.notAfter).toBe('2040-01-02T03:04:05.000Z');
  });

  test('may live beyond 2049, where certificates count time differently', () => {
    const notAfter = new Date('2055-06-07T08:09:10Z');
    const { cert } = issue({ ...request('ca'), issuer: undefined, notAfter }, keys);
    expect(new Date(new X509Certificate(cert).validTo)).toEqual(notAfter);
  });
});

describe('a leaf', () => {
  test('has the subject, the names and the lifetime of its spec', () => {
    const server = leafOf('apiserver.master0');
    expect(server.subject).toBe('CN=kube-apiserver');
    expect(server.subjectAltName?.split(', ')).toEqual([
      ...['master0', 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map((n) => `DNS:${n}`),
      ...['kubernetes.default.svc.cluster.local', 'api.example.org', 'api2.example.org'].map((n) => `DNS:${n}`),
      ...['10.0.0.10', 'FD00:0:0:0:0:0:0:10', '127.0.0.1', '0:0:0:0:0:0:0:1', '10.96.0.1'].map(
        (a) => `IP Address:${a}`,
      ),
      ...['FD00:10:96:0:0:0:0:1', '10.0.0.7', '192.0.2.9'].map((a) => `IP Address:${a}`),
    ]);
    expect(server.ca).toBe(false);
    expect(new Date(server.validFrom).getTime()).toBe(Date.parse('2030-01-02T02:04:05Z'));
    expect(new Date(server.validTo).getTime() - Date.parse('2030-01-02T03:04:05Z')).toBe(1095 * 86_400_000);
    expect(leafOf('kubelet-client.worker1').subject).toBe('O=system:nodes\nCN=system:node:worker1');
  });

  test.each([
    ['apiserver.master0', ['1.3.6.1.5.5.7.3.1']],
    ['admin', ['1.3.6.1.5.5.7.3.2']],
    ['etcd-peer.master0', ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']],
  ])('%s serves its purposes and no other', (id, purposes) => {
    expect(leafOf(id).keyUsage).toEqual(purposes);
  });

  test('every one is signed by the CA of its spec, with a key of its own', () => {
    const seen = new Set<string>();
    for (const { id, ca } of spec.certificates) {
      const leaf = store.certificates[id];
      const authority = store.cas[ca]?.current;
      const certificate = leafOf(id);
      const issuer = new X509Certificate(authority?.cert ?? '');
      expect(certificate.checkIssued(issuer), id).toBe(true);
      expect(certificate.verify(issuer.publicKey), id).toBe(true);
      expect(certificate.publicKey.equals(createPublicKey(leaf?.key ?? '')), id).toBe(true);
      expect(leaf?.issuer).toBe(fingerprint(authority?.cert ?? ''));
      seen.add(certificate.serialNumber).add(leaf?.key ?? '');
    }
    expect(seen.size).toBe(2 * spec.certificates.length);
  });

  test('has a serial number that is positive and never short', () => {
    for (const octet of [0x00, 0x80, 0xff]) {
      const fixed = { ...keys, randomBytes: (count: number) => new Uint8Array(count).fill(octet) };
      const { cert } = issue(request('x'), fixed);
      expect(new X509Certificate(cert).serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    }
  });

  test('never outlives its CA', async () => {
    const late = specOf();
    const short = { ...late, cas: late.cas.map((ca) => ({ ...ca, years: 1 })) };
    const made = await storeOf(short);
    expect(made.certificates['admin']?.notAfter).toBe('2031-01-02T03:04:05.000Z');
  });
});

describe.each(ALGORITHMS)('%s', (algorithm) => {
  test.each(ALGORITHMS)('signs for a key of %s', (leafAlgorithm) => {
    const ca = issue({ ...request('ca'), algorithm, issuer: undefined }, keys);
    const { cert, key } = issue({ ...request('x'), algorithm: leafAlgorithm, issuer: { ...ca, algorithm } }, keys);
    const certificate = new X509Certificate(cert);
    expect(certificate.verify(new X509Certificate(ca.cert).publicKey)).toBe(true);
    expect(certificate.publicKey.equals(createPublicKey(key))).toBe(true);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^]*\n-----END PRIVATE KEY-----$/);
  });
});

function request(commonName: string): CertificateRequest {
  return {
    subject: { commonName, organizations: [] },
    algorithm: 'ecdsa-p256',
    issuer: undefined,
    usages: ['server'],
    dnsNames: [],
    ipAddresses: ['::ffff:192.0.2.1'],
    notBefore: NOW,
    notAfter: new Date('2035-01-01T00:00:00Z'),
  };
}
