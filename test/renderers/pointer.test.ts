import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Config } from 'ignition-config-types/v3_3';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { proxyOf } from '../../generator/cluster/proxy.ts';
import { pointerText, servedName, UNKNOWN_SHA512, type Serving } from '../../generator/renderers/pointer.ts';
import { adaptedPlan, items, rendererOf, smallCluster } from '../support/plans.ts';

const HASH = '0123456789abcdef'.repeat(8);
const CA = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const cluster = smallCluster('flatcar', "proxy: { https: 'https://proxy.example.org:3128', exempt: [.example.net] }");
const plain: Serving = { url: 'https://boot.example.org/k8s', ca: undefined, always: false, proxy: undefined };
const full: Serving = { ...plain, ca: CA, proxy: proxyOf(cluster) };

describe('a pointer for Ignition', () => {
  const plan = adaptedPlan(cluster, items);
  const pointer = (serving: Serving, hash = HASH): Config['ignition'] =>
    (JSON.parse(pointerText(plan, rendererOf('flatcar'), serving, hash)) as Config).ignition;

  test('is replaced by the served config, if that has the right hash', () => {
    expect(pointer(plain)).toEqual({
      version: '3.3.0',
      config: {
        replace: {
          source: 'https://boot.example.org/k8s/master0-0123456789abcdef0123456789abcdef.ign',
          verification: { hash: `sha512-${HASH}` },
        },
      },
    });
  });

  test('says how the server is reached and known', () => {
    const { security, proxy } = pointer(full);
    const [authority] = security?.tls?.certificateAuthorities ?? [];
    const [, data = ''] = (authority?.source ?? '').split(',');
    expect(decodeURIComponent(data)).toBe(CA);
    expect(proxy?.httpsProxy).toBe('https://proxy.example.org:3128');
    expect(proxy).not.toHaveProperty('httpProxy');
    expect(proxy?.noProxy).toEqual(expect.arrayContaining(['10.0.0.0/24', '.svc', '.example.net']));
  });

  test('is one by the strict schema, for review too', () => {
    const schema = JSON.parse(readFileSync('generator/ignition-config-types/v3_3.schema.json', 'utf8')) as object;
    const validate = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(schema);
    for (const hash of [HASH, UNKNOWN_SHA512]) {
      validate({ ignition: pointer(full, hash) });
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});

describe('a pointer for cloud-init', () => {
  const plan = adaptedPlan(smallCluster('debian'), items);
  const pointer = (serving: Serving): Record<string, unknown> =>
    parse(pointerText(plan, rendererOf('debian'), serving, HASH)) as Record<string, unknown>;
  const url = 'https://boot.example.org/k8s/master0-0123456789abcdef0123456789abcdef.user-data';

  test('names the machine, lets people in, and replaces itself by a program that fetches', () => {
    const { hostname, users, packages, write_files: files, runcmd } = pointer(plain);
    expect(hostname).toBe('master0');
    expect(users).toContainEqual(
      expect.objectContaining({ name: 'core', ssh_authorized_keys: ['ssh-ed25519 AAAA core@x'] }),
    );
    expect(packages).toBeUndefined();
    expect(files).toEqual([expect.objectContaining({ path: '/opt/triskel/fetch-payload', permissions: '0755' })]);
    expect(runcmd).toEqual([['exec', '/opt/triskel/fetch-payload', url, HASH]]);
  });

  test('says how the server is reached and known', () => {
    const { write_files: files, runcmd } = pointer(full);
    expect(files).toContainEqual({ path: '/etc/triskel/payload-ca.pem', permissions: '0644', content: CA });
    const [[exec, env, ...words]] = runcmd as [string[]];
    expect([exec, env]).toEqual(['exec', 'env']);
    expect(words.slice(0, 1)).toEqual(['https_proxy=https://proxy.example.org:3128']);
    expect(words[1]).toMatch(/^no_proxy=localhost,.*,\.example\.net$/);
    expect(words.slice(2)).toEqual(['/opt/triskel/fetch-payload', url, HASH, '/etc/triskel/payload-ca.pem']);
  });
});

test('another payload has another name', () => {
  const plan = adaptedPlan(cluster, items);
  const name = (hash: string): string => servedName(plan, rendererOf('flatcar'), hash);
  expect(name(HASH)).not.toBe(name(`f${HASH.slice(1)}`));
  expect(name(HASH)).toMatch(/^master0-[0-9a-f]{32}\.ign$/);
});
