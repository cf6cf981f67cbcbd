import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureSecrets } from '../../generator/secrets/ensure.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { rotate, type Stage } from '../../generator/secrets/rotation.ts';
import type { SecretsSpec } from '../../generator/secrets/specs.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { issuingAt, must, specOf, storeOf } from '../support/secrets.ts';

let spec: SecretsSpec;
let before: Store;

beforeAll(async () => {
  spec = specOf();
  before = await storeOf(spec);
});

const step = async (store: Store, id: string, stage: Stage | 'at once'): Promise<Store> =>
  must(await ensureSecrets(spec, must(await rotate(spec, store, id, stage, issuingAt())), issuingAt())).store;

const fill = (store: Store, name: string, part: string): string => fillFrom(store)({ name, part }) ?? '';
const pems = (text: string): string[] => text.split(/\n(?=-----BEGIN)/);

/** Which of the certificates in a bundle has signed the leaf. */
function signers(store: Store, leaf: string, ca: string): number[] {
  const certificate = new X509Certificate(fill(store, leaf, 'cert'));
  return pems(fill(store, ca, 'bundle')).flatMap((text, index) =>
    certificate.verify(new X509Certificate(text).publicKey) ? [index] : [],
  );
}

test('a CA changes in three steps, and what is issued is trusted by those a step behind and a step ahead', async () => {
  const introduced = await step(before, 'cluster-ca', 'introduce');
  const switched = await step(introduced, 'cluster-ca', 'switch');
  const retired = await step(switched, 'cluster-ca', 'retire');
  const steps = [before, introduced, switched, retired];
  const sizes = steps.map((store) => pems(fill(store, 'cluster-ca', 'bundle')).length);
  expect(sizes).toEqual([1, 2, 2, 1]);
  const leaves = steps.map((store) => new X509Certificate(fill(store, 'admin', 'cert')));
  const bundles = steps.map((store) =>
    pems(fill(store, 'cluster-ca', 'bundle')).map((text) => new X509Certificate(text)),
  );
  leaves.forEach((leaf, mine) => {
    bundles.forEach((bundle, theirs) => {
      const accepted = bundle.some((ca) => leaf.verify(ca.publicKey));
      if (Math.abs(mine - theirs) <= 1) expect(accepted, `${String(mine)} and ${String(theirs)}`).toBe(true);
    });
  });
  expect(leaves[0]?.raw).toEqual(leaves[1]?.raw);
  expect(leaves[2]?.raw).toEqual(leaves[3]?.raw);
  expect(bundles[3]?.some((ca) => leaves[0]?.verify(ca.publicKey) === true)).toBe(false);
  expect(signers(switched, 'kubelet-client.worker0', 'cluster-ca')).toEqual([0]);
  expect(fill(introduced, 'cluster-ca', 'cert')).toBe(fill(before, 'cluster-ca', 'cert'));
  expect(fill(switched, 'cluster-ca', 'cert')).not.toBe(fill(before, 'cluster-ca', 'cert'));
  expect(fill(retired, 'etcd-peer.master0', 'cert')).toBe(fill(before, 'etcd-peer.master0', 'cert'));
});

test('the service-account key changes likewise: both public keys are trusted in between', async () => {
  const introduced = await step(before, 'service-account', 'introduce');
  const switched = await step(introduced, 'service-account', 'switch');
  const retired = await step(switched, 'service-account', 'retire');
  const publics = [before, introduced, switched, retired].map((store) =>
    pems(fill(store, 'service-account', 'public')),
  );
  expect(publics.map(({ length }) => length)).toEqual([1, 2, 2, 1]);
  expect([...(publics[1] ?? [])].sort()).toEqual([...(publics[2] ?? [])].sort());
  expect(fill(introduced, 'service-account', 'key')).toBe(fill(before, 'service-account', 'key'));
  expect(fill(switched, 'service-account', 'key')).not.toBe(fill(before, 'service-account', 'key'));
  expect(publics[3]).toEqual([publics[2]?.[0]]);
});

describe('out of turn', () => {
  test.each([
    ['switch', [], 'introduce'],
    ['retire', [], 'introduce'],
    ['introduce', ['introduce'], 'switch'],
    ['retire', ['introduce'], 'switch'],
    ['introduce', ['introduce', 'switch'], 'retire'],
  ] as const)('%s after [%s] is refused, and the next step is named', async (stage, done, next) => {
    let store = before;
    for (const each of done) store = await step(store, 'etcd-ca', each);
    const { value, diagnostics } = await rotate(spec, store, 'etcd-ca', stage, issuingAt());
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.code).toBe('secrets/wrong-stage');
    expect(diagnostics[0]?.message).toContain(`which is "${next}"`);
  });

  test('an unknown CA is refused', async () => {
    const { value, diagnostics } = await rotate(spec, before, 'etcd-cb', 'introduce', issuingAt());
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.message).toContain('Did you mean "etcd-ca"?');
  });
});

test('at once, nothing of the old CA stays', async () => {
  const introduced = await step(before, 'etcd-ca', 'introduce');
  const after = await step(introduced, 'etcd-ca', 'at once');
  expect(pems(fill(after, 'etcd-ca', 'bundle'))).toHaveLength(1);
  expect(signers(after, 'etcd-peer.master0', 'etcd-ca')).toEqual([0]);
  expect(fill(introduced, 'etcd-ca', 'bundle')).not.toContain(fill(after, 'etcd-ca', 'cert'));
});
