/** A cluster that is booted on the in-memory cloud, again and again, through whatever transport a test puts between. */
import { connect, snapshot, type Clock, type Transport } from 'openstack-client-lite';
import { expect } from 'vitest';
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
import { loginOf } from '../support/openstack/login.ts';
import { memoryCloud, type MemoryCloud } from '../support/openstack/memory/cloud.ts';
import { USERS } from '../support/openstack/memory/users.ts';
import { KINDS, type Kind } from '../support/openstack/memory/world.ts';
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

/** The blueprint's own way in: a load balancer behind the reserved floating IP 10.47.40.33. */
export function withReservedAddress(cluster: Cluster): Cluster {
  return { ...cluster, endpoint: compilation.cluster?.endpoint ?? cluster.endpoint };
}

export interface Ended {
  /** `<action> <resource>` of everything that was to be done. */
  readonly todo: readonly string[];
  readonly complete: boolean;
  readonly errors: readonly string[];
}

export class BootedCloud {
  readonly clock: Clock = virtualClock();
  readonly memory: MemoryCloud = memoryCloud({ clock: this.clock });
  readonly #plans: readonly NodePlan[];

  /** `plans`: default, those of openstack-lbaas. */
  constructor(plans: readonly NodePlan[] = lbaasPlans) {
    this.#plans = plans;
  }

  /** A floating address that the project has from now on, and that leads nowhere. */
  reserve(address: string): void {
    const { world } = this.memory;
    const outer = world.all('network').find((row) => row['router:external'] === true);
    world.add('floatingip', {
      id: world.newId(),
      project_id: USERS[1]!.projectId,
      description: '',
      tags: [],
      status: 'DOWN',
      created_at: world.date(),
      floating_network_id: outer?.id,
      floating_ip_address: address,
      fixed_ip_address: null,
      port_id: null,
      router_id: null,
    });
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
      const looking = { ...at, cloud: snapshot(at.cloud) };
      const { plan, facts } = await planBoot(cluster, desired, looking, { replace: new Set(replace), learn });
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
      const looking = { ...at, cloud: snapshot(at.cloud) };
      const { plan, diagnostics } = await planDestruction(cluster, this.desired(cluster), looking, taken);
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

  /** Everything that is there, whoever made it and whether it is marked, without what differs from run to run. */
  inventory(): string[] {
    const { world } = this.memory;
    world.advance();
    return KINDS.flatMap((kind) =>
      world.all(kind).map((row) => {
        const { name, description, status, provisioning_status, floating_ip_address, fixed_ip_address } = row;
        const told = { name, description, status, provisioning_status, floating_ip_address, fixed_ip_address };
        return `${kind} ${JSON.stringify(told)}`.replace(/-[0-9a-f]{8}-[0-9a-f-]{27}/, '');
      }),
    ).sort();
  }

  /** How many there are of one kind. */
  count(kind: Kind): number {
    return this.memory.world.all(kind).length;
  }

  cloud(transport: Transport = this.memory.transport) {
    return connect({ authUrl: this.memory.authUrl, auth: loginOf('demo'), transport, clock: this.clock });
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

/** Everything is there once, nothing without an owner, and nothing is left to do. */
export async function expectConverged(place: BootedCloud, wanted: Cluster): Promise<void> {
  let ended = await place.boot(wanted);
  // What was there twice is taken away by the first boot, which the second has nothing to add to.
  if (ended.todo.length > 0) ended = await place.boot(wanted);
  expect(ended).toEqual({ todo: [], complete: true, errors: [] });
  const keys = (await place.observed(wanted)).map(({ key }) => key).sort();
  const desired = place.desired(wanted).map(({ key }) => key);
  expect(keys).toEqual(desired.sort());
  // What a cloud does by itself, it has done by then.
  await place.clock.sleep(10_000);
}

function told(changes: readonly Change[]): string[] {
  return changes.map(({ action, key }) => `${action} ${key}`);
}

/** Everything that is thrown here is an error. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  throw error;
}
