/** A cluster that is booted on the in-memory cloud, again and again, through whatever transport a test puts between. */
import { connect, type Clock, type Transport } from 'openstack-client-lite';
import { applyChanges } from '../../generator/clouds/apply.ts';
import { effective, type Change } from '../../generator/clouds/change-plan.ts';
import { openstackActor } from '../../generator/clouds/openstack/actor.ts';
import { desiredResources } from '../../generator/clouds/openstack/desired/index.ts';
import type { OpenstackResource } from '../../generator/clouds/openstack/desired/shared.ts';
import type { Surroundings } from '../../generator/clouds/openstack/kinds/kind.ts';
import { observe } from '../../generator/clouds/openstack/observe.ts';
import { planBoot, type PlannedBoot } from '../../generator/clouds/openstack/plan-boot.ts';
import { planDestruction } from '../../generator/clouds/openstack/plan-destruction.ts';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { memoryCloud, type MemoryCloud } from '../support/openstack/memory/cloud.ts';
import type { Kind } from '../support/openstack/memory/world.ts';
import { virtualClock } from '../support/openstack/virtual-clock.ts';

const compilation = await compile('blueprints/openstack-lbaas.yaml', blueprintFiles(), noProgress);
const lbaasPlans: readonly NodePlan[] = compilation.nodes.map(({ plan }) => plan);

type Openstack = NonNullable<Cluster['openstack']>;

/** The blueprint's cluster with what the in-memory cloud has, and what a test wants to be different. */
export function clusterWith(openstack: Partial<Openstack> = {}, more: Partial<Cluster> = {}): Cluster {
  const { cluster } = compilation;
  if (cluster?.openstack === undefined) throw new Error('openstack-lbaas does not compile');
  const own = { ...cluster.openstack, image: 'tiny', flavor: 'm1.small', ...openstack };
  const endpoint = { ...cluster.endpoint, external: cluster.endpoint.internal, floatingIp: undefined };
  return { ...cluster, endpoint, openstack: own, ...more };
}

export interface Ended {
  /** `<action> <resource>` of everything that was to be done. */
  readonly todo: readonly string[];
  readonly complete: boolean;
  readonly errors: readonly string[];
}

/** Kinds of rows that a boot makes, and how many of each there are of this project. */
const ROWS: readonly Kind[] = [
  'network',
  'subnet',
  'router',
  'port',
  'security_group',
  'security_group_rule',
  'floatingip',
  'loadbalancer',
  'listener',
  'pool',
  'member',
  'healthmonitor',
  'server',
  'server_group',
  'keypair',
  'volume',
];

export class BootedCloud {
  readonly clock: Clock = virtualClock();
  readonly memory: MemoryCloud = memoryCloud({ clock: this.clock });
  readonly #plans: readonly NodePlan[];

  /** `plans`: default, those of openstack-lbaas. */
  constructor(plans: readonly NodePlan[] = lbaasPlans) {
    this.#plans = plans;
  }

  /** One boot by one process; `payload` is what tells the user data of all nodes apart from another one's. */
  async boot(
    cluster: Cluster,
    { transport = this.memory.transport, payload = 'a', replace = [] as string[], concurrency = 16 } = {},
  ): Promise<Ended> {
    const at = this.at(cluster, transport, payload);
    const errors: string[] = [];
    try {
      const learn = (): void => undefined;
      const desired = desiredResources(cluster, this.#plans);
      const { plan, facts } = await planBoot(cluster, desired, at, { replace: new Set(replace), learn });
      const { complete } = await applyChanges(plan, {
        actor: openstackActor(at, learn),
        facts,
        concurrency,
        onEvent: ({ key, error }) => {
          if (error !== undefined) errors.push(`${key}: ${messageOf(error)}`);
        },
      });
      return { todo: told(effective(plan)), complete, errors };
    } catch (error) {
      return { todo: [], complete: false, errors: [messageOf(error)] };
    }
  }

  async destroy(
    cluster: Cluster,
    { transport = this.memory.transport, volumes = true, clusterResources = false } = {},
  ): Promise<Ended> {
    const at = this.at(cluster, transport, 'a');
    const errors: string[] = [];
    try {
      const taken = { volumes, clusterResources };
      const { plan, diagnostics } = await planDestruction(cluster, this.desired(cluster), at, taken);
      const blocked = diagnostics.map(({ message }) => message);
      if (blocked.length > 0) return { todo: told(effective(plan)), complete: false, errors: blocked };
      const { complete } = await applyChanges(plan, {
        actor: openstackActor(at, () => undefined),
        facts: new Map(),
        concurrency: 16,
        onEvent: ({ key, error }) => {
          if (error !== undefined) errors.push(`${key}: ${messageOf(error)}`);
        },
      });
      return { todo: told(effective(plan)), complete, errors };
    } catch (error) {
      return { todo: [], complete: false, errors: [messageOf(error)] };
    }
  }

  /** What a boot would do. */
  planned(cluster: Cluster): Promise<PlannedBoot> {
    const at = this.at(cluster, this.memory.transport, 'a');
    return planBoot(cluster, this.desired(cluster), at, { replace: new Set(), learn: () => undefined });
  }

  observed(cluster: Cluster) {
    return observe(this.desired(cluster), this.at(cluster, this.memory.transport, 'a'));
  }

  desired(cluster: Cluster): readonly OpenstackResource[] {
    return desiredResources(cluster, this.#plans);
  }

  /** How many there are of every kind, whoever made them and whether they are marked. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(ROWS.map((kind) => [kind, this.memory.world.all(kind).length]));
  }

  cloud(transport: Transport = this.memory.transport) {
    const auth = {
      type: 'password',
      user: { name: 'demo' },
      password: 'demo',
      scope: { project: { name: 'demo' } },
    } as const;
    return connect({ authUrl: this.memory.authUrl, auth, transport, clock: this.clock });
  }

  private at({ name }: Cluster, transport: Transport, payload: string): Surroundings {
    return {
      cloud: this.cloud(transport),
      clock: this.clock,
      cluster: name,
      signal: undefined,
      payloadOf: (node) => ({
        base64: Buffer.from(`${node} ${payload}`).toString('base64'),
        sha256: `${node} ${payload}`,
      }),
      patience: 600_000,
    };
  }
}

function told(changes: readonly Change[]): string[] {
  return changes.map(({ action, key }) => `${action} ${key}`);
}

/** Everything that is thrown here is an error. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  throw error;
}
