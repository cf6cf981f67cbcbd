import { CloudError, type KeyPair } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import { keyOfKeyPair, keyPairName } from '../marks.ts';
import { differs, type KindCalls } from './kind.ts';

/** Nova's key pairs. They are of a user, not of the project: another operator has and makes one of their own. */
export const keyPair: KindCalls<'key-pair', KeyPair> = {
  list: async ({ cloud, cluster }) =>
    (await cloud.compute.keyPairs.list()).flatMap((item) => {
      const key = keyOfKeyPair(cluster, item.name);
      return key === undefined ? [] : [observed(key, item)];
    }),
  differences: ({ spec }, item) => differs('public_key', bare(item.public_key), bare(spec.public_key)),
  create: async ({ key, spec }, { cloud, cluster, signal }) => {
    const name = keyPairName(cluster, key);
    const existing = (): Promise<KeyPair | undefined> => cloud.compute.keyPairs.get(name);
    try {
      return observed(key, await cloud.compute.keyPairs.create({ name, ...spec }, { existing, signal }));
    } catch (error) {
      const earlier = error instanceof CloudError && error.kind === 'exists' ? await existing() : undefined;
      if (earlier === undefined) throw error;
      return observed(key, earlier);
    }
  },
  remove: async ({ name }, { cloud, signal }) => {
    await cloud.compute.keyPairs.delete(name, { signal });
  },
};

/** Without its comment. */
function bare(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ');
}

/** Its name is its id. */
function observed(key: string, item: KeyPair): Observed<KeyPair> {
  const { name } = item;
  return { key, kind: 'key-pair', id: name, name, state: 'ready', detail: '', facts: { id: name }, created: '', item };
}
