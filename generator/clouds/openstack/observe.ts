import type { Observed } from '../resource.ts';
import { kinds } from './kinds/index.ts';
import type { Surroundings } from './kinds/kind.ts';
import type { OpenstackResource } from './desired/shared.ts';
import type { Kind } from './specs.ts';

/** Kinds that are found by others, and are listed after these. */
const LATER: readonly Kind[] = ['router-interface', 'server', 'member', 'floating-ip'];
const BALANCER: readonly Kind[] = ['load-balancer', 'listener', 'pool', 'health-monitor', 'member'];
const VOLUMES: readonly Kind[] = ['volume'];

/** Everything of the cluster's that the cloud has: a list or two for each kind, however many there are. Throws `CloudError`. */
export async function observe(desired: readonly OpenstackResource[], at: Surroundings): Promise<readonly Observed[]> {
  const { session } = at.cloud;
  const absent = [
    ...((await session.has('load-balancer')) ? [] : BALANCER),
    ...((await session.has('block-storage')) ? [] : VOLUMES),
  ];
  const names = (Object.keys(kinds) as Kind[]).filter((kind) => !absent.includes(kind));
  const listed = async (wave: readonly Kind[], found: readonly Observed[]): Promise<readonly Observed[]> =>
    (await Promise.all(wave.map((kind) => kinds[kind].list(at, found, desired)))).flat();
  const first = await listed(
    names.filter((kind) => !LATER.includes(kind)),
    [],
  );
  return [
    ...first,
    ...(await listed(
      names.filter((kind) => LATER.includes(kind)),
      first,
    )),
  ];
}
