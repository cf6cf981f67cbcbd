import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyAlgorithm } from '../../generator/cluster/cluster.ts';
import { keys } from '../../generator/host/keys.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { issue, type Issued } from '../../generator/secrets/issue.ts';
import { specimensOf } from '../../generator/secrets/specimens.ts';
import { rotate } from '../../generator/secrets/rotation.ts';
import { shortKey } from '../../generator/secrets/elliptic.ts';
import type { Hole } from '../../generator/secrets/holes.ts';
import type { CaSpec, CertificateSpec, SecretsSpec } from '../../generator/secrets/specs.ts';
import { BLUEPRINT, issuingAt, must, specOf, storeOf } from '../support/secrets.ts';

const ALGORITHMS: KeyAlgorithm[] = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'];

/** RSA keys are slow to make: a few of each size serve all runs. */
const rsaKeys = new Map(
  ALGORITHMS.filter((algorithm) => /rsa-[23]/.test(algorithm)).map((algorithm) => [
    algorithm,
    [keys.makeKeyPair(algorithm), keys.makeKeyPair(algorithm)],
  ]),
);
let turn = 0;
const quick = {
  ...keys,
  makeKeyPair: (algorithm: KeyAlgorithm) => rsaKeys.get(algorithm)?.[turn++ % 2] ?? keys.makeKeyPair(algorithm),
};

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,51}[a-z0-9]$/);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().filter((text) => !text.includes('.')),
);
const algorithm = fc.constantFrom(...ALGORITHMS.filter((each) => each !== 'rsa-4096'));
const caSpec: fc.Arbitrary<CaSpec> = fc.record({
  id: fc.constant('cluster-ca' as const),
  commonName: word,
  algorithm,
  years: fc.integer({ min: 1, max: 30 }),
});
const leafSpec: fc.Arbitrary<CertificateSpec> = fc.record({
  id: fc.constant('leaf'),
  ca: fc.constant('cluster-ca' as const),
  node: fc.constant(undefined),
  commonName: word.map((text) => `system:node:${text}`),
  organizations: fc.array(word, { maxLength: 3 }),
  dnsNames: fc.array(word, { maxLength: 12 }),
  ipAddresses: fc.array(address, { maxLength: 12 }),
  usages: fc.subarray(['server', 'client'] as const, { minLength: 1 }),
  algorithm,
  days: fc.integer({ min: 1, max: 3650 }),
  purpose: fc.constant(''),
});
const dates = fc
  .tuple(fc.integer({ min: 2026, max: 2060 }), fc.integer({ min: 2026, max: 2090 }))
  .map(([from, to]) => ({ notBefore: new Date(Date.UTC(from, 5, 1)), notAfter: new Date(Date.UTC(to, 5, 1)) }));

describe('the declared length is never too short, and close', () => {
  test('for certificates and keys of every algorithm and shape', () => {
    const check = (spec: SecretsSpec, made: Readonly<Record<string, Issued>>): void => {
      const maxLength = (hole: Hole): number | undefined => specimensOf(spec)(hole)?.length;
      for (const [name, { cert, key: whole }] of Object.entries(made)) {
        const key = shortKey(whole);
        const [certMax, keyMax] = ['cert', 'key'].map((part) => maxLength({ name, part }));
        expect(certMax).toBeGreaterThanOrEqual(cert.length);
        // Two times in the longer form, two octets that a signature may lack, and base64's steps of four.
        expect(certMax).toBeLessThan(cert.length + 24);
        if (keyMax === undefined) continue;
        expect(keyMax).toBeGreaterThanOrEqual(key.length);
        expect(keyMax).toBeLessThan(key.length + 12);
      }
    };
    fc.assert(
      fc.property(caSpec, leafSpec, dates, (ca, leaf, validity) => {
        const own = { subject: { commonName: ca.commonName, organizations: [] }, issuer: undefined, usages: [] };
        const authority = issue({ ...ca, ...own, dnsNames: [], ipAddresses: [], ...validity }, quick);
        const issuer = { ...authority, algorithm: ca.algorithm };
        const issued = issue({ ...leaf, subject: leaf, issuer, ...validity }, quick);
        const spec = { cas: [ca], keyPairs: [], certificates: [leaf], values: [] };
        check(spec, { 'cluster-ca': authority, leaf: issued });
        expect(specimensOf(spec)({ name: 'cluster-ca', part: 'key' })).toBeUndefined();
        const signing = specimensOf({ ...spec, caKeys: ['cluster-ca'] })({ name: 'cluster-ca', part: 'key' });
        expect(signing?.length).toBeGreaterThanOrEqual(shortKey(authority.key).length);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test('for the largest RSA keys', () => {
    const { privateKey } = keys.makeKeyPair('rsa-4096');
    const spec = { ...specOf(), keyPairs: [{ id: 'service-account', algorithm: 'rsa-4096' }] } as const;
    const length = specimensOf(spec)({ name: 'service-account', part: 'key' })?.length;
    expect(length).toBeGreaterThanOrEqual(privateKey.length);
    expect(length).toBeLessThan(privateKey.length + 12);
  }, 60_000);

  test.each(['ecdsa-p256', 'ecdsa-p384'])('for a whole cluster of %s while every CA changes', async (name) => {
    const spec = specOf(`${BLUEPRINT}\npki: {algorithm: ${name}, caYears: 30}\n`);
    let store = await storeOf(spec);
    for (const { id } of [...spec.cas, ...spec.keyPairs])
      store = must(await rotate(spec, store, id, 'introduce', issuingAt()));
    const maxLength = (hole: Hole): number | undefined => specimensOf(spec)(hole)?.length;
    const parts = { cas: ['cert', 'bundle'], keyPairs: ['key', 'public'], certificates: ['cert', 'key'] } as const;
    for (const kind of ['cas', 'keyPairs', 'certificates'] as const) {
      for (const { id } of spec[kind]) {
        for (const part of parts[kind]) {
          const length = fillFrom(store)({ name: id, part })?.length ?? Infinity;
          expect(maxLength({ name: id, part }), `${id}/${part}`).toBeGreaterThanOrEqual(length);
        }
      }
    }
    expect(maxLength({ name: 'encryption-at-rest', part: 'key' })).toBe(44);
    expect(store.values['encryption-at-rest/key']?.value).toHaveLength(44);
    expect(maxLength({ name: 'nothing', part: 'key' })).toBeUndefined();
  });
});
