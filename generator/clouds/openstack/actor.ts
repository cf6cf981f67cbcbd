import type { Actor } from '../apply.ts';
import type { Policy } from '../change-plan.ts';
import type { Key, Observed } from '../resource.ts';
import type { OpenstackResource } from './desired/shared.ts';
import { bundlesOf, createBundle } from './kinds/bundles.ts';
import { kinds } from './kinds/index.ts';
import { MADE, type Made } from './kubernetes/made.ts';
import { removals } from './kubernetes/remove.ts';
import type { AnyKind, Applying, Surroundings } from './kinds/kind.ts';
import { shared } from './kinds/settle.ts';
import type { Kind } from './specs.ts';

const ORDER = Object.keys(kinds);

/** The cloud's calls as an application of a change plan makes them; `onFacts` is told of everything that is there anew. */
export function openstackActor(at: Surroundings, onFacts: (key: Key, facts: Observed['facts']) => void): Actor {
  const building = async (): Promise<ReadonlySet<string>> =>
    new Set((await at.cloud.compute.servers.names({ status: 'BUILD' }, { signal: at.signal })).map(({ id }) => id));
  const applying: Applying = { ...at, building: shared(building, at) };
  const told = (made: Observed): Observed => {
    onFacts(made.key, made.facts);
    return made;
  };
  return {
    rank: rankOf,
    create: async (desired) => told(await callsOf(desired.kind).create(desired, applying)),
    bundles: (desired) => bundlesOf(desired as readonly OpenstackResource[]),
    createTogether: async (bundle) => (await createBundle(bundle, applying)).map(told),
    settle: async (observed) => told((await callsOf(observed.kind).settle?.(observed, applying)) ?? observed),
    update: async (desired, observed, differences) => {
      const { update } = callsOf(desired.kind);
      if (update === undefined) throw new Error(`a ${desired.kind} cannot be changed`);
      return told(await update(desired, observed, differences, applying));
    },
    remove: (observed) =>
      observed.maker === undefined
        ? callsOf(observed.kind).remove(observed, at)
        : removals[observed.kind as Made](observed, at),
  };
}

/**
 * What Kubernetes made goes behind the servers, on which its controllers would make it anew, and before the ports, on whose network it
 * may have addresses.
 */
function rankOf({ kind, maker }: Observed): number {
  if (maker === undefined) return ORDER.indexOf(kind);
  const within = MADE.indexOf(kind as Made) / MADE.length;
  return kind === 'security-group' ? ORDER.indexOf(kind) : ORDER.indexOf('volume') + within;
}

/** What is taken away only when somebody says so. */
export interface Taken {
  /** Volumes: they hold etcd's data. */
  readonly volumes?: boolean | undefined;
  /** What Kubernetes made, its volumes with it. */
  readonly clusterResources?: boolean | undefined;
}

/** `replace`: names of nodes whose servers may be made anew. */
export function openstackPolicy(at: Surroundings, replace: ReadonlySet<string>, taken: Taken = {}): Policy {
  return {
    differences: (desired, { item }) => callsOf(desired.kind).differences(desired, item, at),
    mayReplace: ({ kind, node }) => (kind !== 'server' && kind !== 'volume') || replace.has(node ?? ''),
    unwanted: ({ kind, maker }) => {
      if (maker !== undefined) {
        return taken.clusterResources === true
          ? { action: 'delete', reason: 'Kubernetes made it for the cluster' }
          : { action: 'keep', reason: 'Kubernetes made it; it stays without --with-cluster-resources' };
      }
      return kind === 'volume' && taken.volumes !== true
        ? { action: 'keep', reason: 'not in the blueprint any more; it holds data, and stays' }
        : { action: 'delete', reason: 'not in the blueprint any more' };
    },
  };
}

function callsOf(kind: string): AnyKind {
  return kinds[kind as Kind];
}
