import type { Subnet } from 'openstack-client-lite';
import { markOf } from '../marks.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';

/** Neutron's subnets. Their addresses stay; name servers and what DHCP may give away can be changed. */
export const subnet: KindCalls<'subnet', Subnet> = {
  list: async ({ cloud, cluster }) =>
    marked(cluster, 'subnet', await cloud.network.subnets.list(), (key, item) => observedAs('subnet', key, item)),
  differences: ({ spec }, item) => [
    ...differs('network', item.network_id, spec.network),
    ...differs('cidr', item.cidr, spec.cidr),
    ...differs('gateway_ip', item.gateway_ip, spec.gateway_ip),
    ...differs('dns_nameservers', item.dns_nameservers, spec.dns_nameservers, 'update'),
    ...differs('allocation_pools', sorted(item.allocation_pools), sorted(spec.allocation_pools), 'update'),
  ],
  create: async ({ key, name, spec }, { cloud, cluster, signal }) => {
    const description = markOf(cluster, key);
    const existing = async (): Promise<Subnet | undefined> =>
      withMark(await cloud.network.subnets.list({ description }), description);
    const { network: network_id, ...rest } = spec;
    // Stateful addresses as the blueprint has them, for a family that would else make its own.
    const modes =
      spec.ip_version === 6 ? { ipv6_address_mode: 'dhcpv6-stateful', ipv6_ra_mode: 'dhcpv6-stateful' } : {};
    const body = { ...rest, ...modes, network_id: network_id, enable_dhcp: true, name, description };
    return observedAs('subnet', key, await cloud.network.subnets.create(body, { existing, signal }));
  },
  update: async ({ key, spec }, { id }, _differences, { cloud, signal }) => {
    const { dns_nameservers, allocation_pools } = spec;
    return observedAs(
      'subnet',
      key,
      await cloud.network.subnets.update(id, { dns_nameservers, allocation_pools }, { signal }),
    );
  },
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.network.subnets.delete(id, { signal });
  },
};

function sorted(pools: readonly { readonly start: string; readonly end: string }[]): string[] {
  return pools.map(({ start, end }) => `${start}-${end}`).sort();
}
