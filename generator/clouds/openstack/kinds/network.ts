import type { Network } from 'openstack-client-lite';
import { markOf } from '../marks.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';

/** Neutron's networks. */
export const network: KindCalls<'network', Network> = {
  list: async ({ cloud, cluster }) =>
    marked(cluster, 'network', await cloud.network.networks.list(), (key, item) => observedAs('network', key, item)),
  differences: ({ name }, item) => differs('name', item.name, name, 'update'),
  create: async ({ key, name, spec }, { cloud, cluster, signal }) => {
    const description = markOf(cluster, key);
    const existing = async (): Promise<Network | undefined> =>
      withMark(await cloud.network.networks.list({ description }), description);
    const item = await cloud.network.networks.create({ name, description, ...spec }, { existing, signal });
    return observedAs('network', key, item);
  },
  update: async ({ key, name }, { id }, _differences, { cloud, signal }) =>
    observedAs('network', key, await cloud.network.networks.update(id, { name }, { signal })),
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.network.networks.delete(id, { signal });
  },
};
