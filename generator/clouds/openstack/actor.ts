import type { Actor } from '../apply.ts';
import type { Policy } from '../change-plan.ts';
import type { Key, Observed } from '../resource.ts';
import { kinds } from './kinds/index.ts';
import type { AnyKind, Surroundings } from './kinds/kind.ts';
import type { Kind } from './specs.ts';

const ORDER = Object.keys(kinds);

/** The cloud's calls as an application of a change plan makes them; `onFacts` is told of everything that is there anew. */
export function openstackActor(at: Surroundings, onFacts: (key: Key, facts: Observed['facts']) => void): Actor {
  const told = (made: Observed): Observed => {
    onFacts(made.key, made.facts);
    return made;
  };
  return {
    rank: (kind) => ORDER.indexOf(kind),
    create: async (desired) => told(await callsOf(desired.kind).create(desired, at)),
    settle: async (observed) => told((await callsOf(observed.kind).settle?.(observed, at)) ?? observed),
    update: async (desired, observed, differences) => {
      const { update } = callsOf(desired.kind);
      if (update === undefined) throw new Error(`a ${desired.kind} cannot be changed`);
      return told(await update(desired, observed, differences, at));
    },
    remove: (observed) => callsOf(observed.kind).remove(observed, at),
  };
}

/** `replace`: names of nodes whose servers may be made anew. Volumes hold etcd's data, and are never taken away unasked. */
export function openstackPolicy(at: Surroundings, replace: ReadonlySet<string>, takeVolumes = false): Policy {
  return {
    differences: (desired, { item }) => callsOf(desired.kind).differences(desired, item, at),
    mayReplace: ({ kind, node }) => (kind !== 'server' && kind !== 'volume') || replace.has(node ?? ''),
    isKept: ({ kind }) => kind === 'volume' && !takeVolumes,
  };
}

function callsOf(kind: string): AnyKind {
  return kinds[kind as Kind];
}
