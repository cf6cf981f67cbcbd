import { beforeAll, describe, expect, test } from 'vitest';
import { ensureSecrets, type Ensured } from '../../generator/secrets/ensure.ts';
import type { SecretsSpec } from '../../generator/secrets/specs.ts';
import { emptyStore, storeText, type Store } from '../../generator/secrets/store.ts';
import { BLUEPRINT, issuingAt, must, specOf, storeOf } from '../support/secrets.ts';

let spec: SecretsSpec;
let store: Store;

beforeAll(async () => {
  spec = specOf();
  store = await storeOf(spec);
});

const ensure = async (wanted: SecretsSpec, from = store, renew?: ReadonlySet<string>): Promise<Ensured> =>
  must(await ensureSecrets(wanted, from, issuingAt(), renew));

const madeIds = ({ made }: Ensured): string[] => made.map(({ id, reason }) => `${id}: ${reason}`);

test('everything is made once', async () => {
  const first = await ensure(spec, emptyStore('demo'));
  const expected = [...spec.cas, ...spec.keyPairs, ...spec.certificates].map(({ id }) => `${id}: new`);
  expect(madeIds(first).sort()).toEqual([...expected, 'encryption-at-rest/key: new'].sort());
  expect(Buffer.from(first.store.values['encryption-at-rest/key']?.value ?? '', 'base64')).toHaveLength(32);
  const second = await ensure(spec, first.store);
  expect(second).toEqual({ store: first.store, made: [], dropped: [] });
  expect(second.store).toBe(first.store);
});

test('a bootstrap token is of kubeadm’s characters, and as long as its parts say', async () => {
  const text = `${BLUEPRINT}\ncontrolPlane: { runs: kubeadm }\ncomponents: { kubeadm: { join: token } }\n`;
  const { values } = (await ensure(specOf(text), emptyStore('demo'))).store;
  expect(values['bootstrap-token/id']?.value).toMatch(/^[a-z0-9]{6}$/);
  expect(values['bootstrap-token/secret']?.value).toMatch(/^[a-z0-9]{16}$/);
  const others = (await ensure(specOf(text), emptyStore('demo'))).store.values;
  expect(others['bootstrap-token/secret']?.value).not.toBe(values['bootstrap-token/secret']?.value);
});

test('the order of nodes and names changes nothing', async () => {
  const turned = {
    ...spec,
    certificates: spec.certificates
      .map((leaf) => ({
        ...leaf,
        dnsNames: [...leaf.dnsNames].reverse(),
        ipAddresses: [...leaf.ipAddresses].reverse(),
      }))
      .reverse(),
  };
  expect((await ensure(turned)).store).toBe(store);
});

describe('a leaf is issued again', () => {
  const changed = (change: (text: string) => string): SecretsSpec => specOf(change(BLUEPRINT));

  test('when its names change, with a new key, and no other leaf is', async () => {
    const result = await ensure(changed((text) => text.replace('api2.example.org', 'api3.example.org')));
    expect(madeIds(result)).toEqual(['master0', 'master1', 'master2'].map((node) => `apiserver.${node}: changed`));
    expect(result.store.certificates['apiserver.master0']?.key).not.toBe(store.certificates['apiserver.master0']?.key);
    expect(result.store.certificates['apiserver.master0']?.cert).not.toBe(
      store.certificates['apiserver.master0']?.cert,
    );
    expect(result.store.certificates['admin']).toEqual(store.certificates['admin']);
    expect(result.store.cas).toEqual(store.cas);
  });

  test.each([
    ['lifetime', (text: string) => `${text}\npki: {leafDays: 365}\n`],
    ['algorithm', (text: string) => `${text}\npki: {algorithm: ecdsa-p384}\n`],
  ])('when the %s of leaves changes; the CAs stay', async (_what, change) => {
    const result = await ensure(changed(change));
    expect(madeIds(result)).toEqual(spec.certificates.map(({ id }) => `${id}: changed`));
    expect(result.store.cas).toEqual(store.cas);
    expect(result.store.keyPairs).toEqual(store.keyPairs);
  });

  test('when it is to be renewed', async () => {
    const result = await ensure(spec, store, new Set(['admin']));
    expect(madeIds(result)).toEqual(['admin: renewed']);
    expect(result.store.certificates['admin']?.key).not.toBe(store.certificates['admin']?.key);
  });

  test('not when only its purpose is said otherwise', async () => {
    const reworded = { ...spec, certificates: spec.certificates.map((leaf) => ({ ...leaf, purpose: 'another' })) };
    expect((await ensure(reworded)).made).toEqual([]);
  });
});

test('a node that comes gets its leaves, one that goes loses them', async () => {
  const more = await ensure(specOf(BLUEPRINT.replace('count: 2', 'count: 3')));
  const own = ['kubelet-client', 'kubelet-server', 'kube-proxy'].map((identity) => `${identity}.worker2`);
  expect(madeIds(more)).toEqual(own.map((id) => `${id}: new`));
  const fewer = await ensure(spec, more.store);
  expect([...fewer.dropped].sort()).toEqual([...own].sort());
  expect(storeText(fewer.store)).toBe(storeText(store));
});

test('values stay when nothing asks for them, but for what a cloud can tell again', async () => {
  const from: Store = {
    ...store,
    values: {
      ...store.values,
      'old/operator': { from: 'operator', value: 'o' },
      'old/generated': { from: 'generated', value: 'g' },
      'old/cloud': { from: 'cloud', value: 'c' },
    },
  };
  const result = await ensure({ ...spec, values: [] }, from);
  expect(Object.keys(result.store.values).sort()).toEqual(['encryption-at-rest/key', 'old/generated', 'old/operator']);
  expect(result.dropped).toEqual(['old/cloud']);
});

test('a CA that is described otherwise is kept, and that is said', async () => {
  const { value, diagnostics } = await ensureSecrets(specOf(`${BLUEPRINT}\npki: {caYears: 20}\n`), store, issuingAt());
  expect(value?.store).toBe(store);
  expect(
    diagnostics.map(({ code, severity, message }) => `${severity} ${code} ${message.split(' ')[0] ?? ''}`),
  ).toEqual(['cluster-ca', 'etcd-ca', 'front-proxy-ca'].map((id) => `warning secrets/ca-differs ${id}`));
});
