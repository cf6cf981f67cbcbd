/** A boot's calls grow with its nodes, and its lists do not: a list for every node would be the square of them. */
import type { Transport } from 'openstack-client-lite';
import { expect, test } from 'vitest';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { SSH_KEY } from '../support/triskel.ts';
import { BootedCloud } from './booted.ts';

const FILE = 'blueprints/many.yaml';

function blueprint(workers: number): string {
  return `apiVersion: triskel/v1
name: many
endpoint: { type: openstack-load-balancer, internal: 10.180.0.7:443 }
network: { nodes: 10.180.0.0/22, pods: 10.184.0.0/14, services: 10.96.0.0/16 }
os: { name: flatcar }
access: { users: [{ name: core, sshKeys: [${SSH_KEY}] }] }
nodes:
  - { name: master0, roles: [control-plane], address: 10.180.0.10 }
  - { name: master1, roles: [control-plane], address: 10.180.0.11 }
  - { name: master2, roles: [control-plane], address: 10.180.0.12 }
nodeGroups:
  - { name: worker, count: ${String(workers)}, roles: [worker], addresses: 10.180.1.0-10.180.3.200 }
cloud:
  openstack: { authUrl: 'https://keystone.example.org/v3', image: tiny, flavor: m1.tiny, externalNetwork: public }
acknowledge: [{ code: review/etcd-on-root-disk, reason: nothing boots here }]
`;
}

/** Calls of a first boot and of a second one: all, and those that list. */
async function callsOf(workers: number): Promise<{ first: number; firstLists: number; second: number }> {
  const files = blueprintFiles(new Map([[FILE, blueprint(workers)]]));
  const { cluster, nodes, diagnostics } = await compile(FILE, files, noProgress);
  if (cluster === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  const place = new BootedCloud(nodes.map(({ plan }) => plan));
  const { quotas } = place.memory.world;
  Object.assign(quotas, { instances: -1, cores: -1, ram: -1 });
  Object.assign(quotas.network, { port: -1, security_group: -1, security_group_rule: -1 });
  const calls: string[] = [];
  const transport: Transport = (request) => {
    calls.push(`${request.method} ${new URL(request.url).pathname}`);
    return place.memory.transport(request);
  };
  expect(await place.boot(cluster, { transport })).toMatchObject({ complete: true, errors: [] });
  const first = calls.length;
  const firstLists = calls.filter((call) =>
    /^GET .*\/(ports|servers\/detail|security-group-rules|members)$/.test(call),
  ).length;
  expect((await place.boot(cluster, { transport })).todo).toEqual([]);
  return { first, firstLists, second: calls.length - first };
}

test('200 workers take as many lists as 20, and calls by their number', async () => {
  const [few, many] = [await callsOf(20), await callsOf(200)];
  expect(many.firstLists).toBe(few.firstLists);
  // Of a second boot nothing but lists is left.
  expect(many.second).toBe(few.second);
  expect(many.first / few.first).toBeLessThan(200 / 20);
});
