import type { Scenario } from './scenario.ts';

const MARK = { triskel: 'contract' };
const FILTER = { metadata: JSON.stringify(MARK) };

export const volumes: Scenario = {
  name: 'volumes',
  run: async ({ demo, refused, until, silently, as, raw }) => {
    const { volumes } = demo.blockStorage;
    const body = { name: 'etcd', description: 'of the contract', size: 1, metadata: MARK };
    const { id } = await volumes.create(body);
    await until(
      () => volumes.get(id),
      (seen) => seen?.status !== 'creating',
    );
    await volumes.list(FILTER);
    await volumes.list({ metadata: '{"triskel":"nobody’s"}' });
    await volumes.list({ name: 'etcd' });
    await volumes.update(id, { name: 'etcd-2', metadata: { ...MARK, more: 'x' } });
    await as('other').blockStorage.volumes.get(id);
    await as('other').blockStorage.volumes.list(FILTER);
    const serverId = await silently(async () => {
      const flavor = (await demo.compute.flavors.list()).find(({ name }) => name === 'm1.tiny');
      const [image] = await demo.image.images.list({ name: 'tiny' });
      const server = await demo.compute.servers.create({
        name: 'v',
        flavorRef: flavor!.id,
        imageRef: image!.id,
        networks: 'none',
      });
      await until(
        () => demo.compute.servers.get(server.id),
        (seen) => seen?.status === 'ACTIVE',
      );
      return server.id;
    });
    const { servers } = demo.compute;
    await servers.attachVolume(serverId, { volumeId: id });
    await until(
      () => volumes.get(id),
      (seen) => seen?.status === 'in-use',
    );
    await refused(servers.attachVolume(serverId, { volumeId: id }));
    await servers.attachments(serverId);
    await refused(volumes.delete(id));
    await servers.detachVolume(serverId, id);
    await until(
      () => volumes.get(id),
      (seen) => seen?.status === 'available',
    );
    await servers.detachVolume(serverId, id);
    await silently(async () => {
      await servers.delete(serverId);
      await until(
        () => servers.get(serverId),
        (seen) => seen === undefined,
      );
    });
    await refused(volumes.create({ size: 0 }));
    await refused(volumes.create({ size: 1, volume_type: 'nothing' }));
    await refused(volumes.create({ size: 1, availability_zone: 'nowhere' }));
    await refused(volumes.create({ size: 1001 }));
    await volumes.delete(id);
    await until(
      () => volumes.get(id),
      (seen) => seen === undefined,
    );
    await volumes.delete(id);
    await refused(raw({ service: 'block-storage', method: 'POST', path: '/volumes', body: { volume: {} } }));
  },
};

export const bootable: Scenario = {
  name: 'a server on a volume',
  run: async ({ demo, until, silently }) => {
    const { volumes } = demo.blockStorage;
    const [flavor, image] = await silently(
      async () =>
        [
          (await demo.compute.flavors.list()).find(({ name }) => name === 'm1.tiny'),
          (await demo.image.images.list({ name: 'tiny' }))[0],
        ] as const,
    );
    const root = await volumes.create({ name: 'root', size: 1, imageRef: image!.id, metadata: MARK });
    await until(
      () => volumes.get(root.id),
      (seen) => seen?.status !== 'creating' && seen?.status !== 'downloading',
    );
    const { id } = await demo.compute.servers.create({
      name: 'v',
      flavorRef: flavor!.id,
      networks: 'none',
      availability_zone: 'az2',
      block_device_mapping_v2: [
        {
          source_type: 'volume',
          destination_type: 'volume',
          uuid: root.id,
          boot_index: 0,
          delete_on_termination: true,
        },
      ],
    });
    await until(
      () => demo.compute.servers.get(id),
      (seen) => seen?.status !== 'BUILD',
    );
    await demo.compute.servers.attachments(id);
    await demo.compute.servers.delete(id);
    await silently(() =>
      until(
        () => demo.compute.servers.get(id),
        (seen) => seen === undefined,
      ),
    );
    await until(
      () => volumes.get(root.id),
      (seen) => seen === undefined,
    );
  },
};
