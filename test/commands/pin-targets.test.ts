import { expect, test } from 'vitest';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { pinTargets, unpinned } from '../../generator/commands/pin-targets.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { mergeItems } from '../../generator/nodeplan/merge.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { clusterOf } from '../support/cluster.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

const blueprint = `
apiVersion: triskel/v1
name: x
network: {nodes: 10.0.0.0/24}
endpoint: {type: external, internal: '10.0.0.5:6443'}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes:
  - {name: a, roles: [control-plane], address: 10.0.0.10}
  - {name: b, roles: [worker], address: 10.0.0.11, os: {arch: arm64}}
`;
const base = clusterOf(blueprint);
const cluster: Cluster = { ...base, pins: { downloads: {}, images: { 'r.io/pinned:1': digest('1') } } };

const download = (url: string, sha256?: string): PlanItem => ({
  kind: 'download',
  url,
  sha256,
  target: '/x',
  title: url,
});
const image = (reference: string): PlanItem => ({ kind: 'image', reference });
const [a, b] = cluster.nodes as [ClusterNode, ClusterNode];
const plan = (node: ClusterNode, ...items: PlanItem[]): NodePlan => {
  const { value } = mergeItems(node, items);
  if (value === undefined) throw new Error('no plan');
  return value;
};

const plans = [
  plan(
    a,
    download('https://z/f'),
    download('https://y/f', 'a'.repeat(64)),
    image('r.io/both:1'),
    image(`r.io/pinned:1@${digest('1')}`),
  ),
  plan(b, download('https://z/f'), image('r.io/both:1'), image(`r.io/given:1@${digest('2')}`), image('r.io/only-b:1')),
];

test('what nodes fetch is collected once, with the platforms that run it', () => {
  expect(pinTargets(cluster, plans)).toEqual({
    downloads: [
      { url: 'https://y/f', title: 'https://y/f', known: 'a'.repeat(64) },
      { url: 'https://z/f', title: 'https://z/f', known: undefined },
    ],
    images: [
      { reference: 'r.io/both:1', platforms: ['linux/amd64', 'linux/arm64'] },
      { reference: 'r.io/only-b:1', platforms: ['linux/arm64'] },
      { reference: 'r.io/pinned:1', platforms: ['linux/amd64'] },
    ],
  });
});

test('what is not pinned is what has no hash, and what has no digest', () => {
  const { downloads, images } = unpinned(pinTargets(cluster, plans), cluster.pins);
  expect(downloads.map(({ url }) => url)).toEqual(['https://z/f']);
  expect(images.map(({ reference }) => reference)).toEqual(['r.io/both:1', 'r.io/only-b:1']);
});

test('where the machine image brings the programs, nothing is downloaded', () => {
  const binaries = { ...cluster.binaries, source: 'image' } as const;
  expect(pinTargets({ ...cluster, binaries }, plans).downloads).toEqual([]);
});
