/**
 * `triskel lab verify`, `triskel verify` and `triskel status` with nodes that really boot: the twins of two of the project's own
 * blueprints, well and broken. Octavia's part is played by the lab's balancer, Nova's by the in-memory cloud with the consoles of
 * the lab's machines. Needs what test/alone/lab.test.ts needs.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { statusOf } from '../../generator/commands/status.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { openLab } from '../../generator/host/lab/lab.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { isReady } from '../../generator/commands/generation.ts';
import { BootedCloud, clusterWith } from '../clouds/booted.ts';
import { saidBy } from '../support/command.ts';
import { run } from '../support/programs.ts';
import { workplace, type Workplace } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';

vi.setConfig({ testTimeout: 600_000 });

type States = Record<string, string>;

/** A lab of one of blueprints/, with these of its nodes on. */
function labOf(blueprint: string, nodes: readonly string[]): { place: Workplace; name: string; verify: () => States } {
  const file = `${blueprint}.yaml`;
  const place = workplace({ [file]: readFileSync(`blueprints/${file}`, 'utf8') });
  const name = `test-${blueprint}`;
  onTestFinished(() => void place.run('lab', 'down', '--lab', name));
  const up = place.run('lab', 'up', `blueprints/${file}`, ...nodes, '--name', name, '--timeout', '300');
  expect(up.out + up.err).toContain(`${name}: 3 nodes, 3 complete`);
  return { place, name, verify: () => statesOf(place.run('lab', 'verify', '--lab', name, '--json').out) };
}

/** What every check found, but for those that were not asked. */
function statesOf(json: string): States {
  const { checks } = JSON.parse(json) as { checks: { name: string; state: string; found: string }[] };
  const asked = checks.filter(({ state }) => state !== 'not asked');
  return Object.fromEntries(asked.map(({ name, state, found }) => [name, state === 'ok' ? 'ok' : found]));
}

const failures = (states: States): string[] => Object.keys(states).filter((name) => states[name] !== 'ok');
/** What is found once nothing fails: a balancer looks for servers every few seconds. */
async function whenWell(verify: () => States): Promise<States> {
  let found: States = {};
  await vi.waitFor(
    () => {
      found = verify();
      expect(failures(found)).toEqual([]);
    },
    { timeout: 60_000, interval: 1000 },
  );
  return found;
}

const AT_ENDPOINT = [
  'the API is ready',
  'its certificate is the cluster’s',
  'a stranger may not read it',
  'etcd answers behind it',
];
const each = (nodes: readonly string[], text: string): string[] => nodes.map((node) => text.replace('NODE', node));

describe.skipIf(IMAGES === '')('nodes of a lab (TRISKEL_IMAGES)', () => {
  test('openstack-lbaas behind a balancer: verify through the floating IP, and status with the nodes’ own consoles', async () => {
    const nodes = ['master0', 'master1', 'master2'];
    const { place, name, verify } = labOf('openstack-lbaas', nodes);
    const lab = openLab(name)!;

    const well = await whenWell(verify);
    expect(Object.keys(well)).toEqual([
      ...AT_ENDPOINT,
      ...each(nodes, 'the API server of NODE is ready'),
      ...each(nodes, 'etcd of NODE is healthy'),
      'etcd’s members are the blueprint’s',
    ]);

    // The keys of the user's own store are not the lab's: another CA.
    const file = 'blueprints/openstack-lbaas.yaml';
    expect(place.run('generate', file).code).toBe(0);
    const env = { TRISKEL_IDENTITY: place.path('identity.txt') };
    const network = ['--target', lab.enter[2]!, '--net', process.execPath, 'dist/main.js'];
    const ours = run('nsenter', [...network, 'verify', '--json', place.path(file)], { env });
    const strange = statesOf(ours.output);
    expect(ours.code).toBe(69);
    expect(failures(strange)).toEqual(Object.keys(strange));
    expect(Object.keys(strange)).toEqual(expect.arrayContaining(AT_ENDPOINT));
    for (const found of Object.values(strange)) expect(found).toMatch(/self-signed certificate|unable to verify/);

    const stop = (node: string): unknown => lab.machines().get(node)!.run('systemctl', 'stop', 'kube-apiserver');
    await stop('master1');
    await vi.waitFor(() => expect(failures(verify())).toEqual(['the API server of master1 is ready']), {
      timeout: 30_000,
      interval: 1000,
    });
    const said = await statusWith(name, verify());
    expect(said.out).toMatch(/^master0 +10\.180\.0\.10 +az1 +ACTIVE +complete$/m);
    expect(said.out).toMatch(/^master2 +10\.180\.0\.12 +az3 +ACTIVE +complete$/m);
    expect(said.out).toMatch(/^master1 +10\.180\.0\.11 +ERROR$/m);
    expect(said.err).toContain('the load balancer finds no API server at master1');
    expect(said.err).toContain('master0 and master1 run on one host of the cloud');
    expect(said.exitCode).toBe(1);

    await Promise.all(nodes.map(stop));
    const dead = verify();
    expect(failures(dead)).toEqual([...AT_ENDPOINT, ...each(nodes, 'the API server of NODE is ready')]);
    expect(dead['the API is ready']).toMatch(/^9 of 9 connections: /);
  });

  test('haproxy-keepalived: verify finds the holder of the virtual IP, and names what a lost node takes along', async () => {
    const nodes = ['api0', 'api1', 'api2'];
    const { place, name, verify } = labOf('haproxy-keepalived', nodes);
    const asked = [
      ...AT_ENDPOINT,
      ...each(nodes, 'the API server of NODE is ready'),
      ...each(nodes, 'haproxy of NODE leads to the API'),
      ...each(nodes, 'etcd of NODE is healthy'),
      'etcd’s members are the blueprint’s',
      'one node holds 10.146.47.90',
    ];
    const well = await whenWell(verify);
    expect(Object.keys(well)).toEqual(asked);
    const { out } = place.run('lab', 'verify', '--lab', name);
    const holder = /^one node holds 10\.146\.47\.90 +ok +(api\d)$/m.exec(out)?.[1] ?? '';
    expect(place.run('lab', 'status', '--lab', name).out).toMatch(new RegExp(`^${holder} .* 10\\.146\\.47\\.90$`, 'm'));

    place.run('lab', 'kill', holder, '--lab', name);
    await vi.waitFor(
      () =>
        expect(failures(verify())).toEqual([
          `the API server of ${holder} is ready`,
          `haproxy of ${holder} leads to the API`,
          `etcd of ${holder} is healthy`,
        ]),
      { timeout: 60_000, interval: 1000 },
    );
  });
});

/** `status` of a cloud whose servers have the consoles of a lab, and whose balancer finds what `verify` found. */
async function statusWith(name: string, states: States): ReturnType<typeof saidBy> {
  const place = new BootedCloud();
  const cluster = clusterWith();
  await place.boot(cluster);
  const machines = openLab(name)!.machines();
  const servers = place.memory.world.all('server');
  for (const server of servers) server['_console'] = machines.get(String(server['name']))!.console();
  // Two of them have landed on one host.
  servers[1]!['hostId'] = servers[0]!['hostId'];
  const byAddress = new Map(cluster.nodes.map((node) => [node.addresses[0].text, node.name]));
  for (const member of place.memory.world.all('member')) {
    const node = byAddress.get(String(member['address'])) ?? '';
    member['operating_status'] = states[`the API server of ${node} is ready`] === 'ok' ? 'ONLINE' : 'ERROR';
  }
  const file = 'blueprints/openstack-lbaas.yaml';
  const compilation = await compile(file, blueprintFiles(), noProgress);
  if (!isReady(compilation)) throw new Error('openstack-lbaas does not compile');
  const connection = { cloud: place.cloud(), clock: place.clock, close: () => Promise.resolve() };
  const given = { file, compilation, cluster, desired: place.desired(cluster) };
  return saidBy(async (context) => context.tell(await statusOf(given, context, connection)));
}
