import type { HostPort } from '../cluster/endpoint.ts';
import type { KeyPair, Subject } from './subject.ts';
import {
  addonsVerdict,
  apiServersVerdict,
  leaseVerdict,
  nodesVerdict,
  podsVerdict,
  versionsVerdict,
  workloadsVerdict,
} from './object-verdicts.ts';
import { healthVerdict, membersVerdict, refusal, type Answer, type Verdict } from './verdicts.ts';

/** A server that can be asked; every call throws when nothing answers, or somebody else than the cluster. */
export interface Server {
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body: string) => Promise<Answer>;
  readonly certificate: () => Promise<{ readonly notAfter: Date }>;
}

/** How a server is reached: `name` is what its certificate is to say, where that is not its host. */
export type Reach = (place: HostPort, as: { readonly ca: string; readonly name?: string } & Partial<KeyPair>) => Server;

/** A question to a cluster. */
export interface Question {
  readonly name: string;
  /** Why it is not asked; undefined: it is. */
  readonly unless?: string | undefined;
  readonly ask: () => Promise<Verdict>;
}

/** New connections to the endpoint for each API server: a balancer that still leads to a dead one is found out. */
const CONNECTIONS = 3;
const KUBE_SYSTEM = '/api/v1/namespaces/kube-system';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const SLICE = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';

/** What is asked at the endpoint. `now`: milliseconds since 1970. */
export function endpointQuestions(subject: Subject, reach: Reach, now: number): Question[] {
  const { endpoint, ca, admin, standIns } = subject;
  const { name = endpoint.host } = endpoint;
  const stranger = reach(endpoint, { ca, name });
  const operator = reach(endpoint, { ca, name, ...admin });
  const standIn = standIns.find((program) => program === 'kube-apiserver' || program === 'k3s');
  // What needs the API's objects.
  const objects =
    standIn !== undefined
      ? `the lab’s stand-in for ${standIn} has no objects`
      : admin === undefined
        ? 'the store has no certificate of the operator’s'
        : undefined;
  const read = (
    name: string,
    paths: readonly [string, ...string[]],
    verdict: (first: string, ...others: string[]) => Verdict,
  ): Question => ({
    name,
    unless: objects,
    ask: async () => {
      const answers = await Promise.all(paths.map((path) => operator.get(path)));
      const refused = paths.flatMap((path, index) => refusal(path, answers[index] ?? { status: 0, text: '' }) ?? []);
      const [first = '', ...others] = answers.map(({ text }) => text);
      return refused[0] === undefined ? verdict(first, ...others) : { ok: false, found: refused[0] };
    },
  });
  return [
    {
      name: 'the API is ready',
      ask: async () =>
        healthVerdict('/readyz', await several(stranger, '/readyz', subject.apiServers.length * CONNECTIONS)),
    },
    {
      name: 'its certificate is the cluster’s',
      ask: async () => {
        const { notAfter } = await stranger.certificate();
        return { ok: true, found: `valid until ${notAfter.toISOString().slice(0, 10)}` };
      },
    },
    {
      name: 'a stranger may not read it',
      ask: async () => {
        const { status } = await stranger.get('/api');
        return { ok: status === 401, found: `/api: ${String(status)}` };
      },
    },
    {
      name: 'etcd answers behind it',
      unless: standIn === 'k3s' || admin === undefined ? objects : undefined,
      ask: async () => healthVerdict('/readyz/etcd-readiness', [await operator.get('/readyz/etcd-readiness')]),
    },
    read('every API server serves', [SLICE], (text) => apiServersVerdict(text, subject.apiServers)),
    read('every node is ready', ['/api/v1/nodes'], (text) => nodesVerdict(text, subject.nodes)),
    read('every node runs the blueprint’s version', ['/api/v1/nodes'], (text) =>
      versionsVerdict(text, subject.kubernetes),
    ),
    read('a controller-manager leads', [`${LEASES}/kube-controller-manager`], (text) => leaseVerdict(text, now)),
    read('a scheduler leads', [`${LEASES}/kube-scheduler`], (text) => leaseVerdict(text, now)),
    ...(subject.mirrorPods.length === 0
      ? []
      : [
          read('the control plane’s static pods run', [`${KUBE_SYSTEM}/pods`], (text) =>
            podsVerdict(text, subject.mirrorPods),
          ),
        ]),
    read('the add-ons are applied', [`${KUBE_SYSTEM}/configmaps/triskel-addons`], (text) =>
      addonsVerdict(text, subject.kubernetes, subject.addonsRevision),
    ),
    read(
      'the add-ons’ pods are ready',
      ['/apis/apps/v1/namespaces/kube-system/daemonsets', '/apis/apps/v1/namespaces/kube-system/deployments'],
      (...texts) => workloadsVerdict(texts),
    ),
  ];
}

/** What is asked of each node by itself, from within the nodes' network. `unless`: why it is not asked. */
export function nodeQuestions(subject: Subject, reach: Reach, unless: string | undefined): Question[] {
  const { apiServers, balancers, etcd, etcdAccess, etcdClosedBy, ca, endpoint } = subject;
  const byHand = 'on a member: `sudo /opt/bin/etcdctl endpoint health --cluster`';
  const closed =
    etcdClosedBy === undefined
      ? undefined
      : `${etcdClosedBy} lets no others than members and API servers in; ${byHand}`;
  const etcdUnless =
    unless ?? closed ?? (etcdAccess === undefined ? `the store has no client’s certificate; ${byHand}` : undefined);
  const asMember = etcdAccess ?? { ca };
  return [
    ...apiServers.map((place) => ({
      name: `the API server of ${place.node} is ready`,
      unless,
      ask: async () => healthVerdict('/readyz', [await reach(place, { ca }).get('/readyz')]),
    })),
    ...balancers.map((place) => ({
      name: `haproxy of ${place.node} leads to the API`,
      unless,
      ask: async () =>
        healthVerdict(
          '/readyz',
          await several(reach(place, { ca, name: endpoint.name ?? endpoint.host }), '/readyz', apiServers.length),
        ),
    })),
    ...etcd.map((place) => ({
      name: `etcd of ${place.node} is healthy`,
      unless: etcdUnless,
      ask: async () => etcdVerdict(await reach(place, asMember).get('/health')),
    })),
    ...(etcd.length === 0
      ? []
      : [
          {
            name: 'etcd’s members are the blueprint’s',
            unless: etcdUnless,
            ask: async () => {
              // Whoever answers first speaks for all: the list is read with a quorum.
              const answer = await Promise.any(
                etcd.map((place) => reach(place, asMember).post('/v3/cluster/member/list', '{"linearizable":true}')),
              );
              const refused = refusal('member list', answer);
              const names = etcd.map(({ node }) => node);
              return refused === undefined ? membersVerdict(answer.text, names) : { ok: false, found: refused };
            },
          },
        ]),
  ];
}

/** etcd's /health makes a linearizable read (etcd.io, "Monitoring etcd"). */
function etcdVerdict({ status, text }: Answer): Verdict {
  const { health, reason = '' } = JSON.parse(text) as { health?: string; reason?: string };
  const ok = status === 200 && health === 'true';
  return { ok, found: `/health: ${ok ? 'true' : `${String(status)} ${reason}`.trimEnd()}` };
}

/** Answers and failures alike, for one failure of many is what is looked for. */
function several(server: Server, path: string, count: number): Promise<(Answer | Error)[]> {
  const one = async (): Promise<Answer | Error> => {
    try {
      return await server.get(path);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return Promise.all(Array.from({ length: count }, one));
}
