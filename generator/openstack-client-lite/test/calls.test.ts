import { describe, expect, test } from 'vitest';
import { catalog } from './scripted.ts';
import { answer, refusal, scripted } from './scripted.ts';
import { endpointOf } from '../catalog.ts';
import { commonVersion } from '../microversion.ts';
import { identityUrl } from '../auth.ts';

describe('where a call goes', () => {
  test('to the catalog’s URL with the service’s version, and in its microversion', async () => {
    const { cloud, requests } = scripted([
      answer(200, { networks: [] }),
      answer(200, { loadbalancers: [] }),
      answer(200, { servers: [] }),
      answer(200, { images: [] }),
      answer(200, { volumes: [] }),
      answer(200, { application_credentials: [] }),
    ]);
    await cloud.network.networks.list();
    await cloud.loadBalancer.loadBalancers.list({ tags: 'a,b' });
    await cloud.compute.servers.list();
    await cloud.image.images.list({ name: 'flatcar stable' });
    await cloud.blockStorage.volumes.list();
    await cloud.identity.applicationCredentials.list();
    expect(requests.map(({ url }) => url)).toEqual([
      'http://cloud:9696/v2.0/networks',
      'http://cloud/load-balancer/v2.0/lbaas/loadbalancers?tags=a%2Cb',
      'http://cloud/compute/v2.1/servers/detail',
      'http://cloud:9292/v2/images?name=flatcar+stable',
      'http://cloud:8776/v3/p1/volumes/detail',
      'http://cloud:5000/v3/users/u1/application_credentials',
    ]);
    expect(requests.map(({ headers }) => headers['openstack-api-version'])).toEqual([
      undefined,
      undefined,
      'compute 2.90',
      undefined,
      'volume 3.59',
      undefined,
    ]);
  });

  test('to another interface, or where the configuration says', async () => {
    const { cloud, requests } = scripted([answer(200, { networks: [] }), answer(200, { images: [] })], {
      interfaces: ['internal'],
      overrides: { image: 'http://mirror' },
    });
    await cloud.network.networks.list();
    await cloud.image.images.list();
    expect(requests.map(({ url }) => url)).toEqual(['http://inside:9696/v2.0/networks', 'http://mirror/v2/images']);
  });

  test.each([
    ['another region', catalog, { region: 'Two' }, 'is not in the region Two; there is: RegionOne'],
    ['an interface that there is not', catalog, { interfaces: ['admin'] }, 'has no interface admin'],
    ['a service that there is not', [], {}, 'has no service network'],
    [
      'several regions and none named',
      [...catalog, { type: 'network', endpoints: [] }].map((service) => ({
        ...service,
        endpoints: service.endpoints.flatMap((endpoint) => [endpoint, { ...endpoint, region_id: 'Two' }]),
      })),
      {},
      'RegionOne, Two',
    ],
  ])('%s is refused', (_what, services, choice, message) => {
    expect(() => endpointOf(services, 'network', choice)).toThrow(message);
  });

  test.each([
    ['http://k:5000', 'http://k:5000/v3'],
    ['http://k/identity/', 'http://k/identity/v3'],
    ['http://k/v2.0/', 'http://k/v3'],
    ['http://k/v3', 'http://k/v3'],
  ])('Keystone named as %s', (named, url) => {
    expect(identityUrl(named)).toBe(url);
  });

  test('a cloud that is too old is refused', () => {
    expect(commonVersion({ min: '2.64', max: '2.90' }, { min: '2.1', max: '2.60' })).toBeUndefined();
    expect(commonVersion({ min: '2.64', max: '2.90' }, { min: '2.1', max: '2.79' })).toBe('2.79');
    expect(commonVersion({ min: '2.64', max: '2.90' }, { min: '2.1', max: '2.100' })).toBe('2.90');
    expect(commonVersion({ min: '2.64', max: '2.90' }, { min: '2.95', max: '2.100' })).toBeUndefined();
  });
});

describe('lists of several pages', () => {
  test.each([
    [
      'Neutron',
      { networks: [{ id: 'a' }], networks_links: [{ rel: 'next', href: 'http://x/networks?limit=1&marker=a' }] },
    ],
    ['Cinder', { networks: [{ id: 'a' }], network_links: [{ rel: 'next', href: '?limit=1&marker=a' }] }],
    ['Keystone', { networks: [{ id: 'a' }], links: { next: 'https://x/y?limit=1&marker=a' } }],
    ['Glance', { networks: [{ id: 'a' }], next: '/v2/networks?limit=1&marker=a' }],
  ])('%s', async (_service, first) => {
    const { cloud, requests } = scripted([answer(200, first), answer(200, { networks: [{ id: 'b' }] })], {
      pageSize: 1,
    });
    expect(await cloud.network.networks.list({ name: 'n' })).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(requests.map(({ url }) => url)).toEqual([
      'http://cloud:9696/v2.0/networks?limit=1&name=n',
      'http://cloud:9696/v2.0/networks?limit=1&marker=a',
    ]);
  });

  test('server groups are counted off', async () => {
    const group = (id: string): unknown => ({ id });
    const { cloud, requests } = scripted(
      [answer(200, { server_groups: [group('a'), group('b')] }), answer(200, { server_groups: [group('c')] })],
      { pageSize: 2 },
    );
    expect(await cloud.compute.serverGroups.list()).toHaveLength(3);
    expect(requests.at(-1)?.url).toContain('offset=2');
  });

  test('links in a circle end', async () => {
    const page = { networks: [{ id: 'a' }], networks_links: [{ rel: 'next', href: '?marker=a' }] };
    const { cloud } = scripted(Array.from({ length: 2000 }, () => answer(200, page)));
    expect(await refusal(cloud.network.networks.list())).toMatchObject({ kind: 'content' });
  });
});
