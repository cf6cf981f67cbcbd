/** `triskel secrets` and `triskel kubeconfig` as users run them, from the first value to the last step of a rotation. */
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeIdentity, readIdentities } from '../../generator/host/identity.ts';
import { openStoreFile } from '../../generator/host/store-file.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { must } from '../support/secrets.ts';
import { blueprintOf, generated, THREE, workplace, type Ran, type Workplace } from '../support/triskel.ts';

const FILE = 'blueprints/demo.yaml';
const STORE = 'blueprints/demo.secrets.age';
const ON_OPENSTACK = blueprintOf(
  'demo',
  ['a'],
  'cloud: { openstack: { authUrl: "https://keystone.example.org/v3" } }\n',
);
const ENTERED = { 'credential-id': 'canary-id', 'credential-secret': 'canary secret', 'subnet-id': 'canary-subnet' };

async function storeIn(place: Workplace): Promise<Store> {
  const request = { cluster: 'demo', recipients: [], mode: 'read', identityFile: place.path('identity.txt') } as const;
  return must(await openStoreFile({ ...request, file: place.path(STORE) })).store;
}

/** Another user's identity: its file, and the recipient that it is. */
async function another(place: Workplace): Promise<{ env: NodeJS.ProcessEnv; recipient: string }> {
  const { file, recipients } = must(await makeIdentity(place.path('another.txt'), new Date()));
  return { env: { TRISKEL_IDENTITY: file }, recipient: recipients[0] ?? '' };
}

const own = async (place: Workplace): Promise<string> =>
  must(await readIdentities(place.path('identity.txt'))).recipients[0] ?? '';

const withRecipients = (...recipients: string[]): string => `${THREE}secrets: { recipients: [${recipients.join()}] }\n`;

/** The same with another last character: its checksum is wrong. */
const misspelt = (recipient: string): string => recipient.slice(0, -1) + (recipient.endsWith('q') ? 'p' : 'q');

/** Ids that are not the same in both. */
const differing = <T>(one: Readonly<Record<string, T>>, other: Readonly<Record<string, T>>): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((id) => JSON.stringify(one[id]) !== JSON.stringify(other[id]))
    .sort();

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly { user: Record<'client-certificate-data' | 'client-key-data', string> }[];
}

/** The certificates that a kubeconfig holds. */
function certificatesOf(text: string): { server: string; client: X509Certificate; cas: X509Certificate[] } {
  const { clusters, users } = parse(text) as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  const decode = (data = ''): string => Buffer.from(data, 'base64').toString();
  const pems = decode(cluster?.['certificate-authority-data']).split(/(?=-----BEGIN)/);
  return {
    server: cluster?.server ?? '',
    client: new X509Certificate(decode(user?.['client-certificate-data'])),
    cas: pems.map((pem) => new X509Certificate(pem)),
  };
}

describe('secrets set', () => {
  test('keeps what is entered; list tells that it is there, and generate seals it', async () => {
    const place = workplace({ 'demo.yaml': ON_OPENSTACK });
    expect(place.run('generate').out).toContain('0/1 payloads sealed');
    expect(place.run('secrets', 'list', FILE).out).toMatch(/^openstack\/subnet-id +missing +id of the nodes’ subnet$/m);
    const runs: Ran[] = Object.entries(ENTERED).map(([part, value]) =>
      place.runWithInput(`${value}\n`, 'secrets', 'set', FILE, `openstack/${part}`),
    );
    expect(runs.map(({ code, out, err }) => [code, out, err])).toEqual(
      Object.keys(ENTERED).map((part) => {
        return [0, `openstack/${part} is kept in ${STORE}; \`triskel generate\` seals it into boot/\n`, ''];
      }),
    );
    const list = place.run('secrets', 'list', FILE);
    expect(list.out).toMatch(/^openstack\/subnet-id +set +id of the nodes’ subnet$/m);
    const json = place.run('secrets', 'list', FILE, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ ok: true, cluster: 'demo', store: STORE, diagnostics: [] });
    const { secrets } = JSON.parse(json.out) as { secrets: { name: string; state: string; daysLeft?: number }[] };
    expect(secrets.filter(({ state }) => state === 'missing')).toEqual([]);
    expect(secrets.find(({ name }) => name === 'admin')).toMatchObject({ state: 'good', issuer: 'cluster-ca' });
    const { out } = place.run('generate');
    expect(out).toContain('1/1 payloads sealed');
    const told = [...runs, list, json].map((ran) => ran.out + ran.err).join('') + out;
    expect(told).not.toMatch(/canary|PRIVATE|BEGIN/);
    const { values } = await storeIn(place);
    expect(Object.keys(ENTERED).map((part) => values[`openstack/${part}`]?.value)).toEqual(Object.values(ENTERED));
  });

  test('may be the first command of all: it makes identity and store, and says so', async () => {
    const place = workplace({ 'demo.yaml': ON_OPENSTACK });
    const set = place.runWithInput('canary-id\r\n', 'secrets', 'set', FILE, 'openstack/credential-id');
    expect(set.code).toBe(0);
    expect(set.out).toContain(
      `made your age identity: ${place.path('identity.txt')} (recipient ${await own(place)})\n`,
    );
    expect(statSync(place.path(STORE)).mode & 0o777).toBe(0o600);
    const id = 'openstack/credential-id';
    expect((await storeIn(place)).values).toEqual({ [id]: { from: 'operator', value: 'canary-id' } });
    expect(place.run('generate').out).not.toContain('made your age identity');
    expect((await storeIn(place)).values[id]?.value).toBe('canary-id');
  });

  const SECRET = 'openstack/credential-secret';
  test.each([
    ['a quote', SECRET, 'canary"quote', 'secrets/invalid-value', 'cannot take'],
    ['a line break', SECRET, 'canary\nbreak\n', 'secrets/invalid-value', 'cannot take'],
    ['two line breaks at its end', SECRET, 'canary\n\n', 'secrets/invalid-value', 'cannot take'],
    ['a hole', 'openstack/credential-id', '${triskel:canary/key}', 'secrets/invalid-value', 'cannot take'],
    ['too many characters', SECRET, 'canary'.repeat(30), 'secrets/invalid-value', 'longer than 128 characters'],
    ['nothing', SECRET, '', 'secrets/invalid-value', 'is empty'],
    ['a line break alone', SECRET, '\n', 'secrets/invalid-value', 'is empty'],
    ['a name with a slip', 'openstack/credental-secret', 'canary', 'secrets/unknown-name', `Did you mean "${SECRET}"?`],
    ['the name of a certificate', 'admin', 'canary', 'secrets/unknown-name', `There are: openstack/credential-id`],
    ['what is generated', 'encryption-at-rest/key', 'canary', 'secrets/generated-value', 'made at random'],
  ])('refuses %s', (_what, name, value, code, text) => {
    const place = workplace({ 'demo.yaml': ON_OPENSTACK });
    const refused = place.runWithInput(value, 'secrets', 'set', FILE, name);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`[${code}]`);
    expect(refused.err).toContain(text);
    expect(refused.out + refused.err).not.toContain('canary');
    expect([...place.files('.').keys()]).toEqual([FILE, 'identity.txt']);
  });
});

describe('secrets renew', () => {
  test('of one node issues its certificates and writes its bundle, and nothing of the others', async () => {
    const place = generated();
    const [before, files] = [await storeIn(place), place.files('output')];
    const renewed = place.run('secrets', 'renew', FILE, '--node', 'b', '--json');
    expect(renewed.code).toBe(0);
    expect(JSON.parse(renewed.out)).toMatchObject({ ok: true, bundles: ['b.renewal.tar.gz'] });
    const after = await storeIn(place);
    const ofB = Object.keys(before.certificates).filter((id) => id.endsWith('.b'));
    expect(ofB).toHaveLength(12);
    expect(differing(before.certificates, after.certificates)).toEqual(ofB.sort());
    expect({ ...after, certificates: {} }).toEqual({ ...before, certificates: {} });
    const written = [...place.files('output')].filter(([path, time]) => files.get(path) !== time);
    const boot = ['b.renewal.tar.gz', 'b.user-data', 'manifest.json'].map((name) => `demo/boot/${name}`);
    expect(written.map(([path]) => path)).toEqual(boot);
    expect(statSync(place.path('output/demo/boot/b.renewal.tar.gz')).mode & 0o777).toBe(0o600);
  });

  test('of one certificate, by name, issues no other', async () => {
    const place = generated();
    const before = await storeIn(place);
    expect(place.run('secrets', 'renew', FILE, 'admin', 'scheduler.c').code).toBe(0);
    const after = await storeIn(place);
    expect(differing(before.certificates, after.certificates)).toEqual(['admin', 'scheduler.c']);
  });

  test('has nothing to do while every certificate lives long', () => {
    const place = generated();
    const before = place.files('.');
    expect(place.run('secrets', 'renew', FILE)).toMatchObject({ code: 0, out: 'nothing is to be renewed\n' });
    expect(place.files('.')).toEqual(before);
  });

  test('refuses what is not there and steps out of turn, and changes nothing', () => {
    const place = generated();
    const before = place.files('.');
    for (const [args, code, text] of [
      [['--node', 'bb'], 'secrets/unknown-name', 'no node "bb"'],
      [['apiserver.aa'], 'secrets/unknown-name', 'Did you mean "apiserver.a"?'],
      [['--rotate', 'cluster-caa'], 'secrets/unknown-name', 'Did you mean "cluster-ca"?'],
      [['--rotate', 'cluster-ca', '--stage', 'switch'], 'secrets/wrong-stage', 'which is "introduce"'],
      [['--rotate', 'service-account', '--stage', 'retire'], 'secrets/wrong-stage', 'which is "introduce"'],
    ] as const) {
      const refused = place.run('secrets', 'renew', FILE, ...args);
      expect({ args, code: refused.code }).toEqual({ args, code: 1 });
      expect(refused.err).toContain(`[${code}]`);
      expect(refused.err).toContain(text);
    }
    expect(place.files('.')).toEqual(before);
  });

  test('makes no store: without one there is nothing to renew', () => {
    const place = workplace({ 'demo.yaml': THREE });
    const refused = place.run('secrets', 'renew', FILE, '--all');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('[secrets/no-store]');
    expect(existsSync(place.path(STORE))).toBe(false);
    expect(existsSync(place.path('identity.txt'))).toBe(false);
  });
});

test('a CA changes in three steps; between them kubeconfig trusts two CAs', () => {
  const place = generated();
  const config = () => certificatesOf(place.run('kubeconfig', FILE).out);
  const configs = [config()];
  for (const stage of ['introduce', 'switch', 'retire']) {
    const step = place.run('secrets', 'renew', FILE, '--rotate', 'cluster-ca', '--stage', stage);
    expect(step.code).toBe(0);
    expect(step.out).toContain(`cluster-ca: step "${stage}" is done\n`);
    // Every node trusts the CA: each has a bundle, and its place in the order.
    expect(step.out.match(/\w\.renewal\.tar\.gz/g)).toEqual(['a', 'b', 'c'].map((node) => `${node}.renewal.tar.gz`));
    configs.push(config());
    const again = place.run('secrets', 'renew', FILE, '--rotate', 'cluster-ca', '--stage', stage);
    expect(again.code).toBe(1);
    expect(again.err).toContain('[secrets/wrong-stage]');
    const what = { introduce: 'next: switch', switch: 'next: retire' }[stage];
    const line = /^cluster-ca .*$/m.exec(place.run('secrets', 'list', FILE).out)?.[0];
    if (what === undefined) expect(line).toMatch(/ CA$/);
    else expect(line).toContain(what);
  }
  expect(configs.map(({ cas }) => cas.length)).toEqual([1, 2, 2, 1]);
  for (const { client, cas } of configs) {
    expect(cas.filter(({ publicKey }) => client.verify(publicKey))).toHaveLength(1);
  }
  const [first, last] = [configs[0]?.cas[0], configs[3]?.cas[0]];
  expect(first?.fingerprint256).not.toBe(last?.fingerprint256);
  expect(configs.map(({ cas }) => cas.some((ca) => ca.fingerprint256 === last?.fingerprint256))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

describe('secrets recipients', () => {
  test('says which of them is you', async () => {
    const place = generated();
    const text = `${await own(place)}  (you)\n${STORE} is encrypted for all of them\n`;
    expect(place.run('secrets', 'recipients', FILE)).toMatchObject({ code: 0, out: text });
  });

  test.each([
    ['before there is a store', () => workplace({ 'demo.yaml': THREE }), 'secrets/no-store'],
    ['of a store that is not for you yet', generated, 'secrets/no-identity-opens'],
  ])('says who you are %s, and makes an identity for it', async (_what, make, code) => {
    const place = make();
    const env = { TRISKEL_IDENTITY: place.path('new.txt') };
    const [first, second] = [1, 2].map(() => place.runWith(env, 'secrets', 'recipients', FILE));
    const recipient = must(await readIdentities(place.path('new.txt'))).recipients[0] ?? '';
    expect(first?.out).toContain(`made your age identity: ${place.path('new.txt')} (recipient ${recipient})\n`);
    expect(second?.out).toBe(`${recipient}  (you)\n`);
    for (const ran of [first, second]) {
      expect(ran?.code).toBe(1);
      expect(ran?.err).toContain(`[${code}]`);
    }
  });

  test('--reencrypt lets a second one in, and the next one out again', async () => {
    const place = generated();
    const [{ env, recipient }, store] = [await another(place), await storeIn(place)];
    const opens = (): boolean => place.runWith(env, 'secrets', 'list', FILE).code === 0;
    place.write(FILE, withRecipients(await own(place), recipient));
    const stale = place.run('secrets', 'recipients', FILE);
    expect(stale.out).toContain(`${recipient}\n`);
    expect(stale.out).toContain(`${STORE} is still encrypted for another list: run this with --reencrypt\n`);
    expect(opens()).toBe(false);
    const anew = place.run('secrets', 'recipients', FILE, '--reencrypt');
    expect(anew).toMatchObject({ code: 0 });
    expect(anew.out).toContain(`${STORE} is encrypted anew\n`);
    expect(opens()).toBe(true);
    expect({ ...(await storeIn(place)), recipients: '' }).toEqual({ ...store, recipients: '' });
    expect(place.runWith(env, 'secrets', 'recipients', FILE).out).toContain(`${recipient}  (you)\n`);
    expect(place.runWith(env, 'generate').out).toContain('3/3 payloads sealed');
    place.write(FILE, withRecipients(await own(place)));
    expect(place.run('secrets', 'recipients', FILE, '--reencrypt').code).toBe(0);
    expect(opens()).toBe(false);
  });

  test.each([
    ['without you', (recipient: string) => [recipient], 'secrets/recipients-without-you'],
    [
      'of which one is nobody',
      (recipient: string, you: string) => [you, misspelt(recipient)],
      'secrets/invalid-recipient',
    ],
  ])('a list %s is refused, and the store stays as it is', async (_what, list, code) => {
    const place = generated();
    const { recipient } = await another(place);
    place.write(FILE, withRecipients(...list(recipient, await own(place))));
    const before = place.files('blueprints');
    for (const args of [
      ['secrets', 'recipients', FILE, '--reencrypt'],
      ['generate'],
      ['secrets', 'renew', FILE, '--all'],
    ]) {
      const refused = place.run(...args);
      expect({ args, code: refused.code }).toEqual({ args, code: 1 });
      expect(refused.err).toContain(`[${code}]`);
      expect(refused.err).not.toContain('AGE-SECRET-KEY');
    }
    expect(place.files('blueprints')).toEqual(before);
  });
});

test('without an identity that opens the store every command fails, and touches nothing', async () => {
  const place = generated();
  const { env, recipient } = await another(place);
  const before = place.files('.');
  const nobody = { TRISKEL_IDENTITY: place.path('nothing.txt') };
  for (const args of [
    ['generate'],
    ['secrets', 'list', FILE],
    ['secrets', 'set', FILE, 'x/y'],
    ['secrets', 'renew', FILE, '--all'],
    ['secrets', 'recipients', FILE, '--reencrypt'],
    ['kubeconfig', FILE, '--output', 'config'],
  ]) {
    const [other, none] = [place.runWith(env, ...args), place.runWith(nobody, ...args)];
    expect({ args, codes: [other.code, none.code] }).toEqual({ args, codes: [1, 1] });
    expect(other.err).toContain(`not for you, ${recipient} (`);
    expect(none.err).toContain('there is no identity at');
    for (const { err } of [other, none]) expect(err).toContain('[secrets/no-identity-opens]');
  }
  expect(place.files('.')).toEqual(before);
});

describe('kubeconfig', () => {
  test('goes to standard output, and its certificate is one of the cluster’s CA', async () => {
    const place = generated();
    const { code, out, err } = place.run('kubeconfig', FILE);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { server, client, cas } = certificatesOf(out);
    expect(server).toBe('https://192.0.2.5:6443');
    expect(cas).toHaveLength(1);
    expect(client.verify(cas[0]?.publicKey as X509Certificate['publicKey'])).toBe(true);
    expect(client.subject).toBe('O=triskel:admins\nCN=triskel-admin');
    expect(out).toContain(
      Buffer.from(`${(await storeIn(place)).certificates['admin']?.key ?? ''}\n`).toString('base64'),
    );
    const json = JSON.parse(place.run('kubeconfig', FILE, '--json').out) as { kubeconfig: string };
    expect(json.kubeconfig).toBe(out);
  });

  test('goes to a file for its owner alone, over one that others could read', () => {
    const place = generated();
    place.write('demo.kubeconfig', 'old\n');
    chmodSync(place.path('demo.kubeconfig'), 0o644);
    const written = place.run('kubeconfig', FILE, '--output', 'demo.kubeconfig');
    expect(written).toMatchObject({ code: 0, out: 'wrote demo.kubeconfig\n' });
    expect(statSync(place.path('demo.kubeconfig')).mode & 0o777).toBe(0o600);
    expect(place.read('demo.kubeconfig')).toBe(place.run('kubeconfig', FILE).out);
  });

  test('--break-glass is of system:masters, for eight hours, and kept nowhere', async () => {
    const place = generated();
    const before = place.files('.');
    const { out } = place.run('kubeconfig', FILE, '--break-glass');
    const { client, cas } = certificatesOf(out);
    expect(client.subject).toBe('O=system:masters\nCN=triskel-break-glass');
    expect(client.verify(cas[0]?.publicKey as X509Certificate['publicKey'])).toBe(true);
    // An hour of it lies before its issuing.
    expect(Date.parse(client.validTo) - Date.parse(client.validFrom)).toBe(9 * 3_600_000);
    expect(Date.parse(client.validTo)).toBeLessThanOrEqual(Date.now() + 8 * 3_600_000);
    expect(place.files('.')).toEqual(before);
    expect(JSON.stringify(await storeIn(place))).not.toContain('break-glass');
  });

  test('needs a store, and makes none', () => {
    const place = workplace({ 'demo.yaml': THREE });
    const refused = place.run('kubeconfig', FILE);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('[secrets/no-store]');
    expect([...place.files('.').keys()]).toEqual([FILE]);
  });
});
