import type { Volume } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import { keyInMetadata, marksOf } from '../marks.ts';
import { differs, type KindCalls, type Surroundings } from './kind.ts';
import { gone, settled } from './settle.ts';

/** Cinder's volumes: data outlive the machine that they were made for. */
export const volume: KindCalls<'volume', Volume> = {
  list: async ({ cloud, cluster }) => {
    const metadata = JSON.stringify({ 'triskel-cluster': cluster });
    return (await cloud.blockStorage.volumes.list({ metadata })).flatMap((item) => {
      const key = keyInMetadata(cluster, item.metadata);
      return key === undefined ? [] : [observed(key, item)];
    });
  },
  differences: ({ spec }, item) => [
    ...differs('size', item.size, spec.size),
    ...(spec.volume_type === undefined ? [] : differs('volume_type', item.volume_type, spec.volume_type)),
  ],
  create: async ({ key, name, spec }, at) => {
    const { cloud, cluster, signal } = at;
    const metadata = marksOf(cluster, key);
    const existing = async (): Promise<Volume | undefined> => {
      const found = await cloud.blockStorage.volumes.list({ metadata: JSON.stringify(metadata) });
      return found.find((item) => keyInMetadata(cluster, item.metadata) === key);
    };
    const made = await cloud.blockStorage.volumes.create({ name, metadata, ...spec }, { existing, signal });
    return settled(() => look(key, made.id, at), { key }, at, { isBegun: true });
  },
  settle: ({ key, id }, at) => settled(() => look(key, id, at), { key }, at),
  remove: async ({ key, id }, at) => {
    const { cloud, signal } = at;
    await cloud.blockStorage.volumes.delete(id, { signal });
    await gone(() => cloud.blockStorage.volumes.get(id, { signal }), { key }, at);
  },
};

async function look(key: string, id: string, { cloud, signal }: Surroundings): Promise<Observed<Volume> | undefined> {
  const item = await cloud.blockStorage.volumes.get(id, { signal });
  return item === undefined ? undefined : observed(key, item);
}

function observed(key: string, item: Volume): Observed<Volume> {
  const { id, name, status, created_at: created } = item;
  const state = status.startsWith('error')
    ? 'failed'
    : ['available', 'in-use', 'attaching', 'detaching', 'reserved'].includes(status)
      ? 'ready'
      : 'pending';
  // What virtio shows of a volume's id, as the disk's serial (20 characters).
  const facts = { id, serial: id.slice(0, 20) };
  return { key, kind: 'volume', id, name: name ?? '', state, detail: `its status is ${status}`, facts, created, item };
}
