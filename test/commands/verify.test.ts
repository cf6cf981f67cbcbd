/** `triskel verify` against servers on loopback with the cluster's own certificates; test/external has real nodes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { newestPatch } from '../../generator/cluster/versions.ts';
import { verification } from '../../generator/commands/verification.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { systemIssuing } from '../../generator/host/issuing.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { ensureSecrets } from '../../generator/secrets/ensure.ts';
import { emptyStore } from '../../generator/secrets/store.ts';
import { isAmongNodes, subjectOf, type Subject } from '../../generator/verify/subject.ts';
import { saidBy } from '../support/command.ts';
import { isHealth, startServer, wellObjects, type Answered, type RunningServer } from '../support/running-cluster.ts';
import { SSH_KEY, workplace } from '../support/triskel.ts';

/** Addresses of 127.0.0.0/8 that no other test has, so that etcd's own port can be used. */
const NET = `127.86.${String(process.pid % 250)}`;
const NODES = ['a', 'b', 'c'].map((name, index) => ({ name, address: `${NET}.${String(10 + index)}` }));
const ENDPOINT = `${NET}.5`;
/** Answers with a certificate that does not name it. */
const STRANGE = `${NET}.6`;
const PORT = 16443;
const VERSION = newestPatch(ownFacts);

const blueprint = (endpoint: string, more = ''): string => `apiVersion: triskel/v1
name: demo
kubernetes: { version: ${VERSION} }
controlPlane: { runs: static-pods, port: ${String(PORT)} }
endpoint: ${endpoint}
network: { nodes: ${NET}.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [${SSH_KEY}] }] }
nodes:
${NODES.map(({ name, address }) => `  - { name: ${name}, roles: [control-plane, worker], address: ${address} }\n`).join('')}${more}`;

interface Told {
  readonly checks: readonly { readonly name: string; readonly state: string; readonly found: string }[];
}

const FILE = 'demo.yaml';
const TEXT = blueprint(`{ type: external, internal: '${ENDPOINT}:${String(PORT)}' }`);

let subject: Subject;
let objects: ReturnType<typeof wellObjects>;
/** What is answered in place of what is right: by node and path, or by every node, by path. */
let wrong: Map<string, Answered | undefined>;
const servers: RunningServer[] = [];

interface Verified {
  readonly code: number;
  /** The checks that are not ok, each with what was found. */
  readonly unwell: readonly string[];
  readonly names: readonly string[];
  readonly err: string;
}

async function verified(changes: Partial<Subject> = {}, notNodes?: string): Promise<Verified> {
  const asking = { notNodes, run: undefined };
  const { exitCode, out, err } = await saidBy((context) => verification({ ...subject, ...changes }, asking, context), {
    json: true,
  });
  const { checks } = JSON.parse(out) as Told;
  const unwell = checks.filter(({ state }) => state !== 'ok');
  return {
    code: exitCode,
    unwell: unwell.map(({ name, state, found }) => `${state}: ${name}: ${found}`),
    names: checks.map(({ name }) => name),
    err,
  };
}

beforeAll(async () => {
  const compiled = await compile(FILE, blueprintFiles(new Map([[FILE, TEXT]])), noProgress);
  const made = await ensureSecrets(compiled.secrets!, emptyStore('demo'), systemIssuing());
  const { store } = made.value!;
  subject = subjectOf(compiled.cluster!, store);
  const api = (node: string) => (path: string, known: boolean) => {
    for (const key of [`${node} ${path}`, path]) if (wrong.has(key)) return wrong.get(key);
    if (!known && !isHealth(path)) return { status: 401, body: { kind: 'Status' } };
    return path in objects ? { body: objects[path] } : undefined;
  };
  const etcd = (node: string) => (path: string, known: boolean) => {
    if (!known) return { status: 401, body: '' };
    if (wrong.has(`etcd ${node}`)) return wrong.get(`etcd ${node}`);
    const members = wrong.get('members')?.body ?? NODES.map(({ name }) => ({ name }));
    return { body: path === '/health' ? { health: 'true' } : { members } };
  };
  for (const host of [ENDPOINT, STRANGE])
    servers.push(await startServer(store, { host, port: PORT, leaf: 'apiserver.a' }, api('endpoint')));
  for (const { name, address } of NODES) {
    servers.push(await startServer(store, { host: address, port: PORT, leaf: `apiserver.${name}` }, api(name)));
    const own = { host: address, port: 2379, leaf: `etcd-server.${name}`, ca: 'etcd-ca' };
    servers.push(await startServer(store, own, etcd(name)));
  }
});
afterAll(() => Promise.all(servers.map(({ close }) => close())));
beforeEach(() => {
  objects = wellObjects(NODES, VERSION);
  wrong = new Map();
});

describe('triskel verify', () => {
  test('passes with a cluster that is well, and names all that it asked', async () => {
    const { code, unwell, names } = await verified();
    expect(unwell).toEqual([]);
    expect(code).toBe(0);
    expect(names).toMatchInlineSnapshot(`
      [
        "the API is ready",
        "its certificate is the cluster’s",
        "a stranger may not read it",
        "etcd answers behind it",
        "every API server serves",
        "every node is ready",
        "every node runs the blueprint’s version",
        "a controller-manager leads",
        "a scheduler leads",
        "the control plane’s static pods run",
        "the add-ons are applied",
        "the add-ons’ pods are ready",
        "the API server of a is ready",
        "the API server of b is ready",
        "the API server of c is ready",
        "etcd of a is healthy",
        "etcd of b is healthy",
        "etcd of c is healthy",
        "etcd’s members are the blueprint’s",
      ]
    `);
  });

  const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
  const without = (path: string): void => {
    objects = Object.fromEntries(Object.entries(objects).filter(([key]) => key !== path));
  };

  /** What is wrong with the cluster, how, and the checks that say so. */
  const FAULTS: readonly (readonly [string, () => void, readonly string[]])[] = [
    [
      'a node whose API server does not reach etcd',
      () => wrong.set('b /readyz', { status: 500, body: '[-]etcd failed: reason withheld\n' }),
      ['failed: the API server of b is ready: /readyz: 500 [-]etcd failed: reason withheld'],
    ],
    [
      'an API that anybody may read',
      () => wrong.set('endpoint /api', { body: {} }),
      ['failed: a stranger may not read it: /api: 200'],
    ],
    [
      'etcd without a quorum',
      () => wrong.set('/readyz/etcd-readiness', { status: 500, body: 'internal server error: get health failed' }),
      ['failed: etcd answers behind it: /readyz/etcd-readiness: 500 internal server error: get health failed'],
    ],
    [
      'an etcd that is not well',
      () => wrong.set('etcd c', { status: 503, body: { health: 'false', reason: 'RAFT NO LEADER' } }),
      ['failed: etcd of c is healthy: /health: 503 RAFT NO LEADER'],
    ],
    [
      'members that are not the blueprint’s',
      () => wrong.set('members', { body: [{ name: 'a' }, { name: 'b', isLearner: true }, { name: 'old' }, {}] }),
      [
        'failed: etcd’s members are the blueprint’s: c is no member, old is not in the blueprint, one that never started is not in the blueprint, b only learns',
      ],
    ],
    [
      'an API server that is not in the service',
      () => {
        const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';
        objects[path] = { endpoints: [{ addresses: [NODES[0]!.address] }] };
      },
      ['failed: every API server serves: 1 of 3; not in the service kubernetes: b, c'],
    ],
    [
      'nodes that are missing, not ready, without a network, not known to the cloud, or older',
      () => {
        const node = (name: string, conditions: object[], more = {}, kubeletVersion = `v${VERSION}`) => ({
          metadata: { name },
          spec: more,
          status: { conditions, nodeInfo: { kubeletVersion } },
        });
        const taints = [{ key: 'node.cloudprovider.kubernetes.io/uninitialized' }];
        const ready = { type: 'Ready', status: 'True' };
        objects['/api/v1/nodes'] = {
          items: [
            node('a', [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady' }], {}, 'v1.30.0'),
            node('b', [ready], { taints }),
            node('stranger', [ready]),
          ],
        };
      },
      [
        'failed: every node is ready: 0 of 3; a is not ready (KubeletNotReady); b waits for the cloud controller; c is not there; not in the blueprint: stranger',
        'failed: every node runs the blueprint’s version: a has 1.30.0',
      ],
    ],
    [
      'nobody who leads, and somebody who led long ago',
      () => {
        objects[`${LEASE}/kube-scheduler`] = { spec: { holderIdentity: '' } };
        const renewTime = new Date(Date.now() - 100_000);
        objects[`${LEASE}/kube-controller-manager`] = { spec: { holderIdentity: 'b_7', renewTime } };
      },
      [
        'failed: a controller-manager leads: b led, and has not renewed that for 100 s',
        'failed: a scheduler leads: nobody leads',
      ],
    ],
    [
      'a static pod that is not there',
      () => {
        const path = '/api/v1/namespaces/kube-system/pods';
        const { items } = objects[path] as { items: { metadata: { name: string } }[] };
        objects[path] = { items: items.filter(({ metadata }) => metadata.name !== 'kube-scheduler-b') };
      },
      ['failed: the control plane’s static pods run: 11 of 12; not running and ready: kube-scheduler-b'],
    ],
    [
      'add-ons that were never applied',
      () => without('/api/v1/namespaces/kube-system/configmaps/triskel-addons'),
      ['failed: the add-ons are applied: /api/v1/namespaces/kube-system/configmaps/triskel-addons: 404'],
    ],
    [
      'older add-ons',
      () => {
        const data = { kubernetes: VERSION, revision: '0' };
        objects['/api/v1/namespaces/kube-system/configmaps/triskel-addons'] = { data };
      },
      [`failed: the add-ons are applied: ${VERSION} revision 0, and the blueprint has ${VERSION} revision 1`],
    ],
    [
      'pods of add-ons that are not ready',
      () => {
        const status = { desiredNumberScheduled: 3, numberReady: 1 };
        objects['/apis/apps/v1/namespaces/kube-system/daemonsets'] = {
          items: [{ metadata: { name: 'flannel' }, status }],
        };
      },
      ['failed: the add-ons’ pods are ready: flannel has 1 of 3 pods ready'],
    ],
    [
      'an operator without rights',
      () => wrong.set('/apis/apps/v1/namespaces/kube-system/deployments', { status: 403, body: { kind: 'Status' } }),
      [expect.stringContaining('the add-ons give the operator’s certificate its rights')],
    ],
  ];
  test.each(FAULTS)('names %s', async (_what, breakIt, expected) => {
    breakIt();
    const { code, unwell, err } = await verified();
    expect(unwell).toEqual(expected);
    expect(code).toBe(69);
    expect(err).toBe('');
  });

  test('says how many connections to the endpoint failed', async () => {
    let asked = 0;
    wrong.set('endpoint /readyz', {
      get status() {
        return asked++ % 3 === 0 ? 500 : 200;
      },
      body: 'ok',
    });
    expect((await verified()).unwell).toEqual(['failed: the API is ready: 3 of 9 connections: /readyz: 500 ok']);
  });

  test('fails every check by name where another CA has signed', async () => {
    const { ca } = subject.etcdAccess!;
    const { names, unwell, code } = await verified({ ca, etcdAccess: { ...subject.etcdAccess!, ca: subject.ca } });
    expect(unwell.map((line) => line.split(': ')[1])).toEqual(names);
    for (const line of unwell)
      expect(line).toMatch(/^failed: .*: (.*connections: )?(self-signed certificate|unable to)/);
    expect(code).toBe(69);
  });

  test('fails every check by name where nothing answers, and says why it asks no nodes where they cannot be reached', async () => {
    const nowhere = { host: `${NET}.99`, port: PORT };
    const { names, unwell } = await verified({ endpoint: nowhere }, 'they are elsewhere');
    expect(unwell.map((line) => line.split(': ')[1])).toEqual(names);
    for (const line of unwell)
      expect(line).toMatch(
        /^failed: .*ECONNREFUSED|^not asked: .* of [abc] is .*: they are elsewhere|^not asked: etcd’s/,
      );
  });

  test('fails where the endpoint’s certificate is for another address', async () => {
    const { unwell } = await verified({ endpoint: { host: STRANGE, port: PORT } });
    expect(unwell).not.toHaveLength(0);
    for (const line of unwell) expect(line).toMatch(/does not match certificate's altnames/);
  });
});

test.each([
  ['a virtual IP', `{ type: keepalived, internal: '${NET}.9:8443' }`, true],
  ['a floating IP', `{ type: external, internal: '${NET}.9:6443', external: '203.0.113.9:443' }`, false],
  ['an API server’s own address', `{ type: loopback, internal: '127.0.0.1:7443', external: '${NET}.10:16443' }`, true],
])('behind %s operators are expected to reach the nodes: %s → %s', async (_what, endpoint, among) => {
  const files = blueprintFiles(new Map([[FILE, blueprint(endpoint)]]));
  const { cluster } = await compile(FILE, files, noProgress);
  expect(isAmongNodes(cluster!)).toBe(among);
});

test('as a command it needs the store, and says so', () => {
  const place = workplace({ [FILE]: TEXT });
  const { code, err } = place.run('verify', `blueprints/${FILE}`);
  expect(code).toBe(1);
  expect(err).toContain('[secrets/no-store]');
});
