/** What cloud-init itself makes of user data with parts: the merged config, the scripts, the boothooks. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePart } from '../../generator/cluster/parts.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { cloudInit } from '../../generator/renderers/cloud-init.ts';
import { readParts } from '../support/mime.ts';
import { adaptedPlan, items, smallCluster } from '../support/plans.ts';

const SCRIPT = '#!/bin/sh\n# – not ASCII\necho "--triskel- $(uname)"\n';
const EXTRAS = `#cloud-config
packages: [tmux]
users: [{name: site, lock_passwd: true}]
write_files: [{path: /etc/site, content: "a: b\\n"}]
apt: {conf: "a"}
`;
const MORE = '#cloud-config\npackages: [htop]\nbootcmd: [[sh, -c, "echo 1"]]\n';
const HOOK = '#cloud-boothook\n#!/bin/sh\necho early\n';

const parts = Object.entries({ 'p/a.sh': SCRIPT, 'p/b.yaml': EXTRAS, 'p/c d.yaml': MORE, 'p/e': HOOK }).flatMap(
  ([file, text]) => parsePart(file, text, []).value ?? [],
);
const plain = adaptedPlan(smallCluster('ubuntu'), items);
const plan: NodePlan = { ...plain, node: { ...plain.node, parts } };

interface Made {
  readonly config: Readonly<Record<string, unknown[]>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly boothooks: Readonly<Record<string, string>>;
}

function made(modules: string, userData: Uint8Array | string): Made {
  const env = { ...process.env, PYTHONPATH: modules };
  const input = Buffer.from(userData);
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['test/support/cloud_init_parts.py'], {
    input,
    env,
  });
  if (status !== 0 || stderr.length > 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString()) as Made;
}

const versions = [
  ['Debian 12', ''],
  ['Debian 13 (TRISKEL_CLOUD_INIT_13 names its Python modules)', process.env['TRISKEL_CLOUD_INIT_13']],
  ['Debian testing (TRISKEL_CLOUD_INIT_NEWEST names its Python modules)', process.env['TRISKEL_CLOUD_INIT_NEWEST']],
] as const;

describe.each(versions)('cloud-init of %s', (_title, modules) => {
  describe.skipIf(modules === undefined)('reads', () => {
    const own = parse(cloudInit.reviewed(plain), { version: '1.1' }) as Made['config'];

    test.each(['for review', ...cloudInit.encodings])('every part, and loses nothing of ours: %s', (encoding) => {
      const payload =
        encoding === 'for review' ? cloudInit.reviewed(plan) : cloudInit.sealed(plan, encoding as 'plain');
      const { config, scripts, boothooks } = made(modules ?? '', payload);
      expect(scripts).toEqual({ '00-a.sh': SCRIPT });
      expect(boothooks).toEqual({ '03-e': HOOK });
      const { packages = [], users = [], write_files: files = [], apt, bootcmd, ...others } = config;
      expect(packages).toEqual(['tmux', 'htop', ...(own['packages'] ?? [])]);
      expect(users).toEqual([{ name: 'site', lock_passwd: true }, ...(own['users'] ?? [])]);
      expect(files[0]).toEqual({ path: '/etc/site', content: 'a: b\n' });
      expect(files.slice(1).map((file) => (file as { path: string }).path)).toEqual(
        own['write_files']?.map((file) => (file as { path: string }).path),
      );
      expect([apt, bootcmd]).toEqual([{ conf: 'a' }, [['sh', '-c', 'echo 1']]]);
      const { packages: _p, users: _u, write_files: _f, ...rest } = own;
      expect(others).toEqual(rest);
    });

    test('without being told how, would let our part replace theirs', () => {
      const untold = cloudInit.reviewed(plan).replaceAll(/^Merge-Type: .*\n/gm, '');
      expect(made(modules ?? '', untold).config['packages']).toEqual(own['packages']);
    });
  });
});

test('parts of a payload that is served go with the pointer', () => {
  const to = { url: 'https://h/x', sha512: '0'.repeat(128), ca: undefined, proxy: undefined };
  const pointed = readParts(cloudInit.pointer(plan, to));
  expect(pointed.map(({ headers }) => headers['Content-Disposition'])).toHaveLength(5);
  expect(pointed.at(-1)?.text).toContain('/opt/triskel/fetch-payload');
  expect(Buffer.from(cloudInit.served(plan)).toString('utf8')).toBe(cloudInit.reviewed(plain));
});
