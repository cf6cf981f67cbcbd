import type { Router } from 'openstack-client-lite';
import { markOf } from '../marks.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';

/**
 * Neutron's routers. Their routes are the cloud controller's, which writes one a node: they are no drift, and go with the
 * interface behind which their hops are.
 */
export const router: KindCalls<'router', Router> = {
  list: async ({ cloud, cluster }) =>
    marked(cluster, 'router', await cloud.network.routers.list(), (key, item) => observedAs('router', key, item)),
  differences: ({ spec }, item) =>
    differs('external_network', item.external_gateway_info?.network_id, spec.external_network, 'update'),
  create: async ({ key, name, spec }, { cloud, cluster, signal }) => {
    const description = markOf(cluster, key);
    const existing = async (): Promise<Router | undefined> =>
      withMark(await cloud.network.routers.list({ description }), description);
    const external_gateway_info = { network_id: spec.external_network };
    const item = await cloud.network.routers.create({ name, description, external_gateway_info }, { existing, signal });
    return observedAs('router', key, item);
  },
  update: async ({ key, spec }, { id }, _differences, { cloud, signal }) => {
    const external_gateway_info = { network_id: spec.external_network };
    return observedAs('router', key, await cloud.network.routers.update(id, { external_gateway_info }, { signal }));
  },
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.network.routers.delete(id, { signal });
  },
};
