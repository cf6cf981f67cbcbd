import type { ServerGroup } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import { keyIn, markOf } from '../marks.ts';
import { differs, type KindCalls } from './kind.ts';

/** Nova's server groups: their name is all that can be a mark, and two may have one name. */
export const serverGroup: KindCalls<'server-group', ServerGroup> = {
  list: async ({ cloud, cluster }) =>
    (await cloud.compute.serverGroups.list()).flatMap((item) => {
      const key = keyIn(cluster, item.name);
      return key === undefined ? [] : [observed(key, item)];
    }),
  differences: ({ spec }, item) => differs('policy', item.policy, spec.policy),
  create: async ({ key, spec }, { cloud, cluster, signal }) => {
    const name = markOf(cluster, key);
    const existing = async (): Promise<ServerGroup | undefined> =>
      (await cloud.compute.serverGroups.list()).find((group) => group.name === name);
    return observed(key, await cloud.compute.serverGroups.create({ name, policy: spec.policy }, { existing, signal }));
  },
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.compute.serverGroups.delete(id, { signal });
  },
};

function observed(key: string, item: ServerGroup): Observed<ServerGroup> {
  const { id, name } = item;
  return { key, kind: 'server-group', id, name, state: 'ready', detail: '', facts: { id }, created: '', item };
}
