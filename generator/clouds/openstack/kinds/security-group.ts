import type { SecurityGroup } from 'openstack-client-lite';
import { markOf } from '../marks.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';

/** Neutron's security groups. A new one lets everything out, by rules that Neutron makes itself. */
export const securityGroup: KindCalls<'security-group', SecurityGroup> = {
  list: async ({ cloud, cluster }) =>
    marked(cluster, 'security-group', await cloud.network.securityGroups.list(), (key, item) =>
      observedAs('security-group', key, item),
    ),
  differences: ({ name }, item) => differs('name', item.name, name, 'update'),
  create: async ({ key, name }, { cloud, cluster, signal }) => {
    const description = markOf(cluster, key);
    const existing = async (): Promise<SecurityGroup | undefined> =>
      withMark(await cloud.network.securityGroups.list({ description }), description);
    const item = await cloud.network.securityGroups.create({ name, description }, { existing, signal });
    return observedAs('security-group', key, item);
  },
  update: async ({ key, name }, { id }, _differences, { cloud, signal }) =>
    observedAs('security-group', key, await cloud.network.securityGroups.update(id, { name }, { signal })),
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.network.securityGroups.delete(id, { signal });
  },
};
