import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { Mover } from '../cluster/endpoint.ts';
import { apiMover } from '../drill/drills.ts';
import { timersOf, type Timers } from '../drill/timers.ts';
import {
  answersSince,
  endOf,
  holdersAt,
  twoOwners,
  unreadyAt,
  writesWithoutQuorum,
  type Seen,
  type Span,
  type WithoutQuorum,
} from '../drill/watch.ts';
import type { Invariant } from '../drill/report.ts';
import { epochSeconds, pause } from '../host/clock.ts';
import type { Machine } from '../host/lab/machine.ts';
import { startWatcher, type Watcher, type WatchSpec } from '../host/lab/watcher.ts';
import { balancerOf } from '../lab/balancer.ts';
import { fillFrom } from '../secrets/fill.ts';
import type { Context } from './context.ts';
import type { Raised } from './lab-raise.ts';

/** Seconds for which everything answers before a cluster is called well. */
const CALM = 6;

/** The virtual IP or the lab's balancer; where there is neither the API servers themselves, as a balancer would lead to those that are well. */
function apiOf(cluster: Cluster, [virtualIp]: readonly string[]): WatchSpec['api'] {
  if (virtualIp !== undefined) return { hosts: [virtualIp], port: cluster.endpoint.internal.port };
  const balancer = balancerOf(cluster)?.listen[0];
  if (balancer !== undefined) return { hosts: [balancer.host], port: balancer.port };
  return {
    hosts: cluster.controlPlaneNodes.map(({ addresses }) => addresses[0].text),
    port: cluster.controlPlane.port,
  };
}

function ownApi({ controlPlane }: Cluster, { roles, addresses }: ClusterNode): WatchSpec['nodes'][number]['api'] {
  return roles.includes('control-plane') ? { host: addresses[0].text, port: controlPlane.port } : undefined;
}

/** A cluster in a lab that is watched while it is broken. */
export class Bench {
  readonly cluster: Cluster;
  readonly timers: Timers;
  /** The nodes that the API depends on; no other is booted. */
  readonly nodes: readonly string[];
  readonly context: Context;
  /** What moves the API's virtual IP; undefined: it has none. */
  readonly mover: Mover | undefined;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #watcher: Watcher;
  /** Seconds that it may take to be well. */
  readonly #timeout: number;
  readonly #began = epochSeconds();
  readonly #withoutQuorum: WithoutQuorum[] = [];

  constructor({ lab, twin, machines }: Raised, timeout: number, context: Context) {
    const { cluster, store } = twin;
    const apiIps = cluster.virtualIps.filter(({ serves }) => serves === 'api');
    const holders = apiIps.flatMap((ip) => ip.holders);
    const needed = cluster.nodes.filter(
      (node) => node.roles.includes('control-plane') || cluster.etcdNodes.includes(node) || holders.includes(node),
    );
    this.cluster = cluster;
    this.context = context;
    this.nodes = needed.map(({ name }) => name);
    const plans = twin.nodes.map(({ rendered }) => rendered.plan).filter(({ node }) => needed.includes(node));
    this.timers = timersOf(plans);
    this.#machines = machines;
    this.#timeout = timeout;
    const fill = fillFrom(store);
    const secret = (name: string, part: string): string => fill({ name, part }) ?? '';
    const ips = apiIps.flatMap(({ addresses }) => addresses.map(({ text }) => text));
    this.mover = apiMover(cluster);
    const hasEtcd = cluster.controlPlane.runs !== 'k3s';
    this.#watcher = startWatcher(lab, {
      api: apiOf(cluster, ips),
      ca: secret('cluster-ca', 'bundle'),
      virtualIps: ips,
      nodes: needed.map((node) => ({ name: node.name, api: ownApi(cluster, node) })),
      etcd: hasEtcd
        ? {
            ca: secret('etcd-ca', 'bundle'),
            cert: secret(`apiserver-etcd-client.${cluster.controlPlaneNodes[0]?.name ?? ''}`, 'cert'),
            key: secret(`apiserver-etcd-client.${cluster.controlPlaneNodes[0]?.name ?? ''}`, 'key'),
            members: cluster.etcdNodes.map(({ name, addresses }) => ({ node: name, address: addresses[0].text })),
          }
        : undefined,
    });
  }

  machine(name: string): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`${name} is not in the lab`);
    return machine;
  }

  seen(): readonly Seen[] {
    return this.#watcher.seen();
  }

  /** The node that holds the API's virtual IP; the first control-plane node where there is none. */
  holder(): string {
    const [first] = holdersAt(this.seen(), epochSeconds());
    return first ?? this.cluster.controlPlaneNodes[0]?.name ?? '';
  }

  /** Whether a member has acknowledged a write in the last seconds. */
  writes(node: string): boolean {
    return this.seen().some((each) => each.kind === 'ack' && each.node === node && each.done > epochSeconds() - 3);
  }

  /** Why the cluster is not well; undefined: it is, and has been for a while. */
  ailment(since: number): string | undefined {
    const seen = this.seen();
    const time = epochSeconds();
    const answers = answersSince(seen, { from: since, to: time });
    if (answers === undefined || answers > time - CALM) return 'the API does not answer all the time';
    const holders = holdersAt(seen, time);
    if (this.mover !== undefined && holders.length !== 1)
      return `the virtual IP is on ${holders.length === 0 ? 'no node' : holders.join(' and ')}`;
    const silent = this.cluster.etcdNodes.filter(({ name }) => !this.writes(name)).map(({ name }) => name);
    if (this.cluster.controlPlane.runs !== 'k3s' && silent.length > 0)
      return `etcd takes no writes on ${silent.join(', ')}`;
    const unready = unreadyAt(seen, time);
    return unready.length === 0 ? undefined : `the API server is not ready on ${unready.join(', ')}`;
  }

  /** Waits until the cluster is well, or has been until now; gives why it is not, when the time is up. */
  async well(since = epochSeconds() - CALM - 1): Promise<string | undefined> {
    const end = epochSeconds() + this.#timeout;
    for (;;) {
      const why = this.ailment(since);
      if (why === undefined || epochSeconds() > end) return why;
      await this.context.progress(`waits until the cluster is well: ${why}`);
      await pause(500);
    }
  }

  /** Waits until the API has answered for so many seconds without a failure since a time; gives the span until then. */
  async answered(since: number, seconds: number, most: number): Promise<Span> {
    for (;;) {
      const time = epochSeconds();
      const answers = answersSince(this.seen(), { from: since, to: time });
      const isCalm = answers !== undefined && time - answers >= CALM && time - since >= seconds;
      if (isCalm || time - since > most) return { from: since, to: time };
      await pause(250);
    }
  }

  /** Notes that a node had no quorum from then to now. */
  hadNoQuorum(node: string, from: number): void {
    this.#withoutQuorum.push({ node, from, to: epochSeconds() });
  }

  /** Ends the watching, and says what held. */
  async invariants(): Promise<readonly Invariant[]> {
    await this.#watcher.end();
    const seen = this.seen();
    const span = { from: this.#began, to: epochSeconds() };
    const looked = seen.filter(({ kind }) => kind === 'node').length;
    const end = endOf(seen);
    const owners: Invariant = {
      says: 'never two owners of a virtual IP that both serve',
      basis: `${String(looked)} looks`,
      violations: twoOwners(seen, span),
    };
    const ofAddress = this.mover === undefined ? [] : [owners];
    if (this.cluster.controlPlane.runs === 'k3s') return ofAddress;
    const missing = end?.missing ?? ['nobody could be asked'];
    const spans = this.#withoutQuorum.map(({ node, from, to }) => `${node} for ${(to - from).toFixed(1)} s`);
    return [
      ...ofAddress,
      {
        says: 'every acknowledged write is there at the end',
        basis: `${String(end?.acknowledged ?? 0)} writes acknowledged, ${String(end?.read ?? 0)} keys read`,
        violations: missing,
      },
      {
        says: 'nobody without a quorum answers writes',
        basis: spans.length === 0 ? 'nobody was without' : spans.join(', '),
        violations: writesWithoutQuorum(seen, this.#withoutQuorum),
      },
    ];
  }
}
