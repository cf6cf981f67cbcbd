/** A cluster of the examples, made on a cloud by the engine that `boot` has, without files and stores. */
import { readFileSync } from 'node:fs';
import { connect, type Clock, type Transport } from 'openstack-client-lite';
import { applyChanges } from '../../../generator/clouds/apply.ts';
import { effective, planChanges, type Change } from '../../../generator/clouds/change-plan.ts';
import { openstackActor, openstackPolicy } from '../../../generator/clouds/openstack/actor.ts';
import { desiredResources } from '../../../generator/clouds/openstack/desired/index.ts';
import type { OpenstackResource } from '../../../generator/clouds/openstack/desired/shared.ts';
import { lookUpGiven } from '../../../generator/clouds/openstack/given.ts';
import { observe } from '../../../generator/clouds/openstack/observe.ts';
import type { Cluster } from '../../../generator/cluster/cluster.ts';
import { compile } from '../../../generator/compile.ts';
import { blueprintFiles } from '../../../generator/host/blueprint-files.ts';
import { noProgress } from '../../../generator/host/terminal.ts';
import type { MemoryCloud } from './memory/cloud.ts';
import { USERS } from './memory/users.ts';

export interface OnLab {
  readonly cluster: Cluster;
  readonly desired: readonly OpenstackResource[];
}

/** blueprints/openstack-lbaas.yaml with the lab's image, and a flavor of which its quota holds three. */
export async function lbaasOnLab(): Promise<OnLab> {
  const file = 'blueprints/openstack-lbaas.yaml';
  const text = readFileSync(file, 'utf8')
    .replace('image: flatcar-stable', 'image: tiny')
    .replace('m1.large', 'm1.small');
  const { cluster, nodes, diagnostics } = await compile(file, blueprintFiles(new Map([[file, text]])), noProgress);
  if (cluster === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return {
    cluster,
    desired: desiredResources(
      cluster,
      nodes.map(({ plan }) => plan),
    ),
  };
}

/** The floating address that the blueprint says is reserved. */
export function reserveAddress({ world }: MemoryCloud, address: string): void {
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

export interface Boot {
  readonly authUrl: string;
  readonly transport: Transport;
  readonly clock: Clock;
}

export interface Booted {
  /** What was to be done. */
  readonly changes: readonly Change[];
  readonly errors: readonly unknown[];
}

/** One boot, as a new process would make it. Without `desired` all that the cluster has goes. */
export async function bootOnce({ cluster, desired }: OnLab, { authUrl, transport, clock }: Boot): Promise<Booted> {
  const auth = {
    type: 'password',
    user: { name: 'demo' },
    password: 'demo',
    scope: { project: { name: 'demo' } },
  } as const;
  const cloud = connect({ authUrl, auth, transport, clock });
  const payloadOf = () => ({ base64: 'I2Nsb3VkLWNvbmZpZwo=', sha256: 'a'.repeat(64) });
  const at = { cloud, clock, cluster: cluster.name, signal: undefined, payloadOf, patience: 120_000 };
  const { facts } = await lookUpGiven(cluster, cloud);
  const plan = planChanges(
    desired,
    await observe(desired, at),
    facts,
    openstackPolicy(at, new Set(), { volumes: true }),
  );
  const changes = effective(plan);
  const errors: unknown[] = [];
  await applyChanges(plan, {
    actor: openstackActor(at, () => undefined),
    facts,
    concurrency: 16,
    onEvent: ({ error }) => {
      if (error !== undefined) errors.push(error);
    },
  });
  return { changes, errors };
}
