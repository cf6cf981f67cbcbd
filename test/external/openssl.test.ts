/** What another implementation thinks of our certificates: `openssl verify`, as strict as it gets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAddress } from '../../generator/base/networks.ts';
import { ensureSecrets } from '../../generator/secrets/ensure.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import type { CertificateRequest, Issuer } from '../../generator/secrets/issue.ts';
import { rotate, type Stage } from '../../generator/secrets/rotation.ts';
import type { CertificateSpec, SecretsSpec } from '../../generator/secrets/specs.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { run, type Run } from '../support/programs.ts';
import { BLUEPRINT, issuingAt, must, NOW, specOf, storeOf } from '../support/secrets.ts';

/** One node, whose name is as long as it may be. */
const ONE_NODE = (algorithm: string): string => `
apiVersion: triskel/v1
name: demo
network: {nodes: 10.0.0.0/24}
pki: {algorithm: ${algorithm}}
nodes: [{name: ${'n'.repeat(49)}, roles: [control-plane, worker], address: 10.0.0.10}]
`;

const CLUSTERS = [
  ['ecdsa-p256', BLUEPRINT],
  ['ecdsa-p384', ONE_NODE('ecdsa-p384')],
  ['rsa-2048', ONE_NODE('rsa-2048')],
] as const;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-openssl-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, `${name}.pem`);

/** Writes PEMs as the nodes have them, by name. */
function write(pems: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(pems)) writeFileSync(path(name), `${text}\n`);
}

function openssl(...args: string[]): Run {
  return run('openssl', args);
}

/** `openssl verify` at the time of issuing, with nothing trusted but the CA's file. */
function verify(ca: string, names: readonly string[], ...options: string[]): Run {
  const at = String(Math.floor(NOW.getTime() / 1000));
  const trust = ['-no-CApath', '-no-CAstore', '-CAfile', path(ca)];
  return openssl('verify', '-x509_strict', '-attime', at, ...trust, ...options, ...names.map(path));
}

/** Which of the certificates are good in every respect. */
function good(ca: string, names: readonly string[], ...options: string[]): string[] {
  const { output } = verify(ca, names, ...options);
  return names.filter((name) => output.split('\n').includes(`${path(name)}: OK`));
}

const namesOf = (specs: readonly CertificateSpec[]): string[] => specs.map(({ id }) => id);

describe.each(CLUSTERS)('a cluster with %s', (algorithm, blueprint) => {
  let spec: SecretsSpec;
  let store: Store;

  beforeAll(async () => {
    spec = specOf(blueprint);
    store = await storeOf(spec);
    const fill = fillFrom(store);
    for (const { id } of spec.cas) write({ [id]: fill({ name: id, part: 'bundle' }) ?? '' });
    for (const { id } of spec.certificates) write({ [id]: fill({ name: id, part: 'cert' }) ?? '' });
  });

  const authority = (id: string): Issuer => {
    const ca = store.cas[id]?.current;
    if (ca === undefined) throw new Error(`no ${id}`);
    return ca;
  };

  /** A server's certificate that anybody with the issuer's key can make. */
  const forged = async (issuer: Issuer): Promise<string> => {
    const request: CertificateRequest = {
      ...{ subject: { commonName: 'forged', organizations: [] }, algorithm: issuer.algorithm, issuer },
      ...{ usages: ['server'], dnsNames: ['forged.example.org'], ipAddresses: [] },
      ...{ notBefore: NOW, notAfter: new Date(NOW.getTime() + 86_400_000) },
    };
    return (await issuingAt().issue([request]))[0]?.cert ?? '';
  };

  describe.each(['cluster-ca', 'etcd-ca', 'front-proxy-ca'] as const)('%s', (ca) => {
    test.each([
      ['sslserver', 'server'],
      ['sslclient', 'client'],
    ] as const)('as %s: its own leaves of that use are good, no other leaf is', (purpose, usage) => {
      const wanted = spec.certificates.filter((leaf) => leaf.ca === ca && leaf.usages.includes(usage));
      expect(good(ca, namesOf(spec.certificates), '-purpose', purpose)).toEqual(namesOf(wanted));
    });

    test('every name leads to the servers that have it, and to no others', () => {
      const servers = spec.certificates.filter((leaf) => leaf.ca === ca && leaf.usages.includes('server'));
      const names = new Set(servers.flatMap(({ dnsNames, ipAddresses }) => [...dnsNames, ...ipAddresses]));
      for (const name of [...names, 'elsewhere.example.org', 'localhost.example.org', '203.0.113.9', 'fd00::1']) {
        const option = parseAddress(name) === undefined ? '-verify_hostname' : '-verify_ip';
        const wanted = servers.filter((leaf) => [...leaf.dnsNames, ...leaf.ipAddresses].includes(name));
        expect(good(ca, namesOf(servers), '-purpose', 'sslserver', option, name), name).toEqual(namesOf(wanted));
      }
    });

    test('may sign certificates and revocations, through no further CA, and serves no TLS itself', () => {
      const { output } = openssl(
        'x509',
        '-in',
        path(ca),
        '-noout',
        '-ext',
        'basicConstraints,keyUsage,extendedKeyUsage',
      );
      expect(output.split('\n').map((line) => line.trim())).toEqual([
        ...['X509v3 Basic Constraints: critical', 'CA:TRUE, pathlen:0'],
        ...['X509v3 Key Usage: critical', 'Certificate Sign, CRL Sign', ''],
      ]);
    });
  });

  test('a leaf may do nothing but be a leaf', () => {
    const { output } = openssl('x509', '-in', path('admin'), '-noout', '-ext', 'basicConstraints,keyUsage');
    const usage = algorithm === 'rsa-2048' ? 'Digital Signature, Key Encipherment' : 'Digital Signature';
    expect(output.split('\n').map((line) => line.trim())).toEqual([
      ...['X509v3 Basic Constraints: critical', 'CA:FALSE', 'X509v3 Key Usage: critical', usage, ''],
    ]);
  });

  test('what a leaf has signed is refused, and what its CA has signed is not', async () => {
    const leaf = { ...authority('cluster-ca'), ...store.certificates['admin'] };
    write({ 'by-leaf': await forged(leaf), 'by-ca': await forged(authority('cluster-ca')) });
    const through = ['-purpose', 'sslserver', '-untrusted', path('admin')];
    expect(good('cluster-ca', ['by-leaf', 'by-ca'], ...through)).toEqual(['by-ca']);
    // Nor when the leaf itself is what somebody trusts.
    expect(good('admin', ['by-leaf'], ...through, '-partial_chain')).toEqual([]);
  });

  test('what is wrong is called by its name', () => {
    const [client = '', server = ''] = ['client', 'server'].map((usage) => {
      return spec.certificates.find(({ ca, usages }) => ca === 'cluster-ca' && usages.join() === usage)?.id;
    });
    const codeOf = (ca: string, name: string, ...options: string[]): string | undefined =>
      /error (\d+) at 0 depth/.exec(verify(ca, [name], ...options).output)?.[1];
    // X509_V_ERR_INVALID_PURPOSE, UNABLE_TO_GET_ISSUER_CERT_LOCALLY, HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH
    expect(codeOf('cluster-ca', client, '-purpose', 'sslserver')).toBe('26');
    expect(codeOf('cluster-ca', server, '-purpose', 'sslclient')).toBe('26');
    expect(codeOf('etcd-ca', server, '-purpose', 'sslserver')).toBe('20');
    expect(codeOf('cluster-ca', server, '-verify_hostname', 'elsewhere.example.org')).toBe('62');
    expect(codeOf('cluster-ca', server, '-verify_ip', '203.0.113.9')).toBe('64');
  });

  test('a CA of the same name in another cluster vouches for nothing', async () => {
    const { cas } = await storeOf({ ...spec, certificates: [], keyPairs: [], values: [] });
    write({ other: cas['cluster-ca']?.current.cert ?? '' });
    expect(good('other', ['other', ...namesOf(spec.certificates)])).toEqual(['other']);
  });
});

test('while a CA changes, the bundle of every step vouches for the leaves of the step before and after', async () => {
  const spec = specOf(ONE_NODE('ecdsa-p256'));
  const steps = [await storeOf(spec)];
  for (const stage of ['introduce', 'switch', 'retire'] as const satisfies readonly Stage[]) {
    const rotated = must(await rotate(spec, steps.at(-1) as Store, 'cluster-ca', stage, issuingAt()));
    steps.push(must(await ensureSecrets(spec, rotated, issuingAt())).store);
  }
  steps.forEach((store, index) => {
    write({
      [`bundle-${String(index)}`]: fillFrom(store)({ name: 'cluster-ca', part: 'bundle' }) ?? '',
      [`leaf-${String(index)}`]: store.certificates['admin']?.cert ?? '',
    });
  });
  const leaves = steps.map((_, index) => `leaf-${String(index)}`);
  const trusted = steps.map((_, index) => good(`bundle-${String(index)}`, leaves, '-purpose', 'sslclient'));
  expect(trusted).toEqual([['leaf-0', 'leaf-1'], leaves, leaves, ['leaf-2', 'leaf-3']]);
});
