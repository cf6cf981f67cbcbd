import type { Observed } from '../resource.ts';
import { kinds } from './kinds/index.ts';
import type { Surroundings } from './kinds/kind.ts';
import type { OpenstackResource } from './desired/shared.ts';
import type { Kind } from './specs.ts';

const BALANCER: readonly Kind[] = ['load-balancer', 'listener', 'pool', 'health-monitor', 'member'];
const VOLUMES: readonly Kind[] = ['volume'];

/**
 * Everything of the cluster's that the cloud has: a list or two for each kind, however many there are, all of them side by side.
 * Throws `CloudError`.
 */
export async function observe(desired: readonly OpenstackResource[], at: Surroundings): Promise<readonly Observed[]> {
  const { session } = at.cloud;
  const absent = [
    ...((await session.has('load-balancer')) ? [] : BALANCER),
    ...((await session.has('block-storage')) ? [] : VOLUMES),
  ];
  const lists = new Map<Kind, Promise<readonly Observed[]>>();
  const found = (kind: Kind): Promise<readonly Observed[]> => {
    const list =
      lists.get(kind) ?? (absent.includes(kind) ? Promise.resolve([]) : kinds[kind].list(at, found, desired));
    lists.set(kind, list);
    return list;
  };
  return (await Promise.all((Object.keys(kinds) as Kind[]).map(found))).flat();
}
