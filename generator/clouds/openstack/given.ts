import type { Cloud } from 'openstack-client-lite';
import { didYouMean } from '../../base/suggestions.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Path } from '../../base/paths.ts';
import type { Facts } from '../resource.ts';
import { given } from './desired/shared.ts';

/** Something that the blueprint names and the cloud has to have. */
interface Wanted {
  readonly key: string;
  readonly what: string;
  readonly name: string;
  readonly path: Path;
  readonly list: () => Promise<readonly Named[]>;
}

interface Named {
  readonly id: string;
  readonly name: string | null;
}

/** What the blueprint names is looked up, by id or by name; what is not there, or there twice, is told at its place. */
export async function lookUpGiven(
  cluster: Cluster,
  cloud: Cloud,
): Promise<{ readonly facts: Facts; readonly diagnostics: readonly Diagnostic[] }> {
  const facts = new Map<string, Record<string, string>>();
  const diagnostics: Diagnostic[] = [];
  await Promise.all(
    wantedOf(cluster, cloud).map(async ({ key, what, name, path, list }) => {
      const all = await list();
      const byId = all.filter(({ id }) => id === name);
      const found = byId.length > 0 ? byId : all.filter((one) => one.name === name);
      const [one] = found;
      if (one !== undefined && found.length === 1) facts.set(key, { id: one.id, name: one.name ?? one.id });
      else {
        const names = all.flatMap((each) => each.name ?? []);
        const text =
          one === undefined
            ? `the cloud has no ${what} "${name}".${didYouMean(name, names)}`
            : `the cloud has ${String(found.length)} of the name "${name}": name the ${what} by its id`;
        diagnostics.push(diagnostic('cloud/not-found', text, [at(path)]));
      }
    }),
  );
  return { facts, diagnostics };
}

function wantedOf({ openstack, nodes }: Cluster, cloud: Cloud): Wanted[] {
  if (openstack === undefined) return [];
  const base = ['cloud', 'openstack'] as const;
  const one = (key: string, what: string, name: string | undefined, path: Path, list: Wanted['list']): Wanted[] =>
    name === undefined ? [] : [{ key, what, name, path, list }];
  const images = once(() => cloud.image.images.list({ status: 'active' }));
  const flavors = once(() => cloud.compute.flavors.list());
  const networks = once(() => cloud.network.networks.list());
  const subnets = once(() => cloud.network.subnets.list());
  const routers = once(() => cloud.network.routers.list());
  // A key pair's name is its id.
  const keyPairs = once(async () => (await cloud.compute.keyPairs.list()).map(({ name }) => ({ id: name, name })));
  const servers = [
    { server: { image: openstack.image, flavor: openstack.flavor }, path: [...base] as Path },
    ...nodes.map(({ server, origin }) => ({ server, path: [...origin, 'server'] as Path })),
  ];
  const all = [
    ...servers.flatMap(({ server: { image, flavor }, path }) => [
      ...one(given.image(image ?? ''), 'image', image, [...path, 'image'], images),
      ...one(given.flavor(flavor ?? ''), 'flavor', flavor, [...path, 'flavor'], flavors),
    ]),
    ...one(
      given.network(openstack.externalNetwork ?? ''),
      'network',
      openstack.externalNetwork,
      [...base, 'externalNetwork'],
      networks,
    ),
    ...one(given.network(openstack.network ?? ''), 'network', openstack.network, [...base, 'network'], networks),
    ...(openstack.subnets ?? []).flatMap((name, index) =>
      one(given.subnet(name), 'subnet', name, [...base, 'subnets', index], subnets),
    ),
    ...one(given.keyPair(openstack.keyPair ?? ''), 'key pair', openstack.keyPair, [...base, 'keyPair'], keyPairs),
    ...one(given.router(openstack.router ?? ''), 'router', openstack.router, [...base, 'router'], routers),
  ];
  return [...new Map(all.map((each) => [each.key, each])).values()];
}

/** One list, however many names are looked for in it. */
function once(list: () => Promise<readonly Named[]>): Wanted['list'] {
  let result: Promise<readonly Named[]> | undefined;
  return () => (result ??= list());
}
