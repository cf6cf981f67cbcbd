import { expect, test } from 'vitest';
import { sizeLines, sizeValues } from '../../generator/commands/payload-sizes.ts';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { compile, type Compilation } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { kindsOf, sharesOf } from '../../generator/output/payload-kinds.ts';
import { SSH_KEY } from '../support/triskel.ts';

const compiled = async (more: string): Promise<Compilation & { cluster: Cluster }> => {
  const text = `apiVersion: triskel/v1
name: sizes
endpoint: { type: external, internal: 10.0.0.5:6443 }
network: { nodes: 10.0.0.0/16 }
access: { users: [{ name: ops, sshKeys: [${SSH_KEY}] }] }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10 }
  - { name: cp1, roles: [control-plane], address: 10.0.0.11 }
  - { name: a-much-longer-name, roles: [control-plane], address: 10.0.0.12 }
nodeGroups:
  - { name: worker, count: 20, roles: [worker], addresses: 10.0.1.0-10.0.1.99, os: { name: debian } }
${more}`;
  const compilation = await compile('sizes.yaml', blueprintFiles(new Map([['sizes.yaml', text]])), noProgress);
  if (compilation.cluster === undefined) throw new Error(compilation.diagnostics.map(({ message }) => message).join());
  return { ...compilation, cluster: compilation.cluster };
};

test('nodes are told by kind, with the largest of each', async () => {
  const { nodes, cluster } = await compiled('payload: { limit: openstack }');
  expect(kindsOf(nodes).map(({ what, count, heaviest }) => [what, count, heaviest.node.name])).toEqual([
    ['control-plane on flatcar amd64', 3, 'a-much-longer-name'],
    ['worker on debian 13 amd64', 20, expect.stringMatching(/^worker\d+$/)],
  ]);
  const lines = sizeLines(nodes, cluster);
  expect(lines.length).toBe(4);
  expect(lines[0]).toMatch(
    /^3 × control-plane on flatcar amd64: at most (\d+) bytes, gzip-whole; \d+ of openstack’s 65535 base64 characters$/,
  );
  expect(lines[1]).toMatch(/^ {2}largest: 30 files with keys and certificates \d+ bytes, \/opt\/triskel\/[a-z-]+ \d+ bytes,/);
});

test('the shares of all files are the payload', async () => {
  for (const more of ['', 'payload: { limit: openstack }', "payload: { serve: 'https://boot.example.org', pointer: always }"]) {
    const { nodes } = await compiled(more);
    for (const { heaviest } of kindsOf(nodes)) {
      const shares = sharesOf(heaviest);
      const sum = shares.reduce((total, { bytes }) => total + bytes, 0);
      const { servedBytes, upperBoundBytes } = heaviest.payload;
      expect(Math.abs(sum - (servedBytes ?? upperBoundBytes))).toBeLessThan(shares.length);
      expect(shares.map(({ bytes }) => bytes)).toEqual(shares.map(({ bytes }) => bytes).sort((a, b) => b - a));
    }
  }
});

test('many kinds are cut short for people, and whole for programs', async () => {
  const groups = ['a', 'b', 'c', 'd', 'e'].map(
    (name, index) =>
      `  - { name: ${name}, count: 2, roles: [worker], addresses: 10.0.${String(index + 2)}.0-10.0.${String(index + 2)}.9, os: { name: ${index % 2 === 0 ? 'ubuntu' : 'rocky'}, arch: ${index < 2 ? 'amd64' : 'arm64'} } }\n`,
  );
  const { nodes, cluster } = await compiled(groups.join(''));
  expect(kindsOf(nodes).length).toBeGreaterThan(4);
  expect(sizeLines(nodes, cluster).at(-1)).toMatch(/^… and \d more kinds of nodes$/);
  expect(sizeValues(nodes).length).toBe(kindsOf(nodes).length);
});
