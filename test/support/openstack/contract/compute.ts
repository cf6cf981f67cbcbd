import type { Server, ServerCreate } from 'openstack-client-lite';
import { makeNetwork } from './network.ts';
import type { Scenario, Stage } from './scenario.ts';

/** An SSH key of nobody. */
export const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFZ1bGNhbiBmb3JnZXMgdGhlIGV4YW1wbGUga2V5IDAx me@example.org';

const settled = (server: Server | undefined): boolean => server === undefined || server.status !== 'BUILD';

async function flavorAndImage({ demo, silently }: Stage): Promise<{ flavorRef: string; imageRef: string }> {
  return await silently(async () => {
    const flavor = (await demo.compute.flavors.list()).find(({ name }) => name === 'm1.small');
    const [image] = await demo.image.images.list({ name: 'tiny' });
    return { flavorRef: flavor!.id, imageRef: image!.id };
  });
}

export const servers: Scenario = {
  name: 'servers',
  run: async (stage) => {
    const { demo, refused, until, silently, as } = stage;
    const { servers, serverGroups, keyPairs } = demo.compute;
    const { network, subnet } = await silently(() => makeNetwork(stage));
    const { flavorRef, imageRef } = await flavorAndImage(stage);
    const port = await silently(() =>
      demo.network.ports.create({
        network_id: network,
        name: 'master0',
        fixed_ips: [{ subnet_id: subnet, ip_address: '10.180.0.10' }],
      }),
    );
    await keyPairs.create({ name: 'key', public_key: PUBLIC_KEY });
    await refused(keyPairs.create({ name: 'key', public_key: PUBLIC_KEY }));
    await refused(keyPairs.create({ name: 'bad', public_key: 'nonsense' }));
    await keyPairs.get('key');
    await keyPairs.list();
    const group = await serverGroups.create({ name: 'masters', policy: 'anti-affinity' });
    await serverGroups.list();
    const body: ServerCreate = {
      name: 'master0',
      flavorRef,
      imageRef,
      networks: [{ port: port.id }],
      key_name: 'key',
      tags: ['contract'],
      metadata: { role: 'master' },
      description: 'of the contract',
      user_data: 'I2Nsb3VkLWNvbmZpZwo=',
      config_drive: true,
      availability_zone: 'az1',
    };
    const { id } = await servers.create(body, { hints: { group: group.id } });
    await servers.get(id);
    await servers.names({ status: 'BUILD' });
    await until(() => servers.get(id), settled);
    await servers.names({ status: 'BUILD' });
    await servers.names({ status: 'ACTIVE' });
    await servers.list({ tags: 'contract' });
    await servers.list({ tags: 'nobody’s' });
    await servers.list({ name: '^master0$' });
    await serverGroups.get(group.id);
    await demo.network.ports.get(port.id);
    await servers.interfaces(id);
    await servers.consoleOutput(id, 3);
    await servers.setMetadata(id, { role: 'other', more: 'x' });
    await servers.update(id, { name: 'master0-2' });
    await as('other').compute.servers.get(id);
    await as('other').compute.servers.list({ name: '^master0' });
    await as('other').compute.servers.delete(id);
    await servers.stop(id);
    await until(
      () => servers.get(id),
      (seen) => seen?.status === 'SHUTOFF',
    );
    await refused(servers.stop(id));
    await servers.start(id);
    await until(
      () => servers.get(id),
      (seen) => seen?.status === 'ACTIVE',
    );
    await refused(servers.create({ ...body, networks: [{ port: port.id }] }));
    await serverGroups.delete(group.id);
    await serverGroups.get(group.id);
    await serverGroups.delete(group.id);
    await keyPairs.delete('key');
    await keyPairs.get('key');
    await keyPairs.delete('key');
    await servers.delete(id);
    await until(
      () => servers.get(id),
      (seen) => seen === undefined,
    );
    await servers.delete(id);
    await servers.consoleOutput(id);
    await demo.network.ports.get(port.id);
    await silently(() => demo.network.ports.delete(port.id));
    await silently(() => demo.network.networks.delete(network));
  },
};

export const refusals: Scenario = {
  name: 'servers that are refused',
  run: async (stage) => {
    const { demo, refused, until, silently, raw } = stage;
    const { servers, serverGroups } = demo.compute;
    const { flavorRef, imageRef } = await flavorAndImage(stage);
    const body: ServerCreate = { name: 'x', flavorRef, imageRef, networks: 'none' };
    const nothing = '00000000-0000-0000-0000-000000000000';
    await refused(servers.create({ ...body, flavorRef: 'nothing' }));
    await refused(servers.create({ ...body, imageRef: nothing }));
    await refused(servers.create({ ...body, networks: [{ port: nothing }] }));
    await refused(servers.create({ ...body, key_name: 'nothing' }));
    await refused(servers.create({ ...body, availability_zone: 'nowhere' }));
    await refused(servers.create({ ...body, user_data: 'A'.repeat(65536) }));
    await refused(servers.create({ ...body, user_data: 'not base64!' }));
    await refused(servers.create(body, { hints: { group: nothing } }));
    await refused(serverGroups.create({ name: 'x', policy: 'nonsense' as 'affinity' }));
    await refused(raw({ service: 'compute', method: 'POST', path: '/servers', body: { server: { name: 'x' } } }));
    const group = await silently(() => serverGroups.create({ name: 'three', policy: 'anti-affinity' }));
    const made: string[] = [];
    for (let n = 0; n < 4; n++) {
      const { id } = await silently(() =>
        servers.create({ ...body, name: `n${String(n)}` }, { hints: { group: group.id } }),
      );
      made.push(id);
      if (n < 3) await silently(() => until(() => servers.get(id), settled));
    }
    await until(() => servers.get(made[3]!), settled);
    await silently(async () => {
      for (const id of made) await servers.delete(id);
      for (const id of made)
        await until(
          () => servers.get(id),
          (seen) => seen === undefined,
        );
      await serverGroups.delete(group.id);
    });
    const large = await silently(async () =>
      (await demo.compute.flavors.list()).find(({ name }) => name === 'm1.large'),
    );
    await refused(
      raw({
        service: 'compute',
        method: 'POST',
        path: '/servers',
        body: { server: { ...body, flavorRef: large!.id, min_count: 6 } },
      }),
    );
  },
};

export const offers: Scenario = {
  name: 'flavors, zones, limits, images',
  run: async ({ demo, silently, as }) => {
    // Nobody makes anything as plain, so that what is used is always the same: a project's own group, which Neutron makes when it is
    // first asked for groups.
    const plain = as('plain');
    await silently(() => plain.network.securityGroups.list());
    const flavors = await demo.compute.flavors.list();
    await demo.compute.flavors.get(flavors.find(({ name }) => name === 'm1.large')!.id);
    await demo.compute.flavors.get('nothing');
    await demo.compute.availabilityZones();
    await plain.compute.limits();
    await demo.blockStorage.availabilityZones();
    await plain.blockStorage.limits();
    await demo.blockStorage.volumeTypes.list();
    const [image] = await demo.image.images.list({ name: 'tiny' });
    await demo.image.images.list({ name: 'nothing' });
    await demo.image.images.get(image!.id);
    await demo.image.images.get('00000000-0000-0000-0000-000000000000');
    await plain.network.quotas();
    await demo.network.availabilityZones.list();
    await demo.loadBalancer.quotas();
    await demo.loadBalancer.providers.list();
  },
};
