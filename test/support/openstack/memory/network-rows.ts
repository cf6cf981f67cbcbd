/** What Neutron says of each kind of thing when it is made, and what it refuses to make. */
import { neutronError, type Request } from './http.ts';
import { seen, stamped } from './resources.ts';
import { defaultGroup } from './security-groups.ts';
import { addressIn, firstAndLast, freeAddress, overlaps, isCidr } from './addresses.ts';
import type { FixedIp } from 'openstack-client-lite';
import type { Row, World } from './world.ts';

export function newNetwork(request: Request): Row {
  const given = request.body['network'] as Record<string, unknown>;
  return stamped(request, {
    admin_state_up: true,
    availability_zone_hints: [],
    mtu: 1450,
    port_security_enabled: true,
    'router:external': false,
    shared: false,
    status: 'ACTIVE',
    subnets: [],
    ...given,
  });
}

export function newSubnet(request: Request): Row {
  const { world } = request;
  const given = request.body['subnet'] as Record<string, unknown>;
  const cidr = String(given['cidr']);
  const network = seen(request, 'network', given['network_id']);
  if (!isCidr(cidr))
    throw neutronError(400, 'InvalidInput', `Invalid input for operation: ${cidr} is not in a CIDR format.`);
  const siblings = world.all('subnet').filter(({ network_id }) => network_id === network.id);
  if (siblings.some((other) => overlaps(cidr, String(other['cidr'])))) {
    const text = `Requested subnet with cidr: ${cidr} for network: ${network.id} overlaps with another subnet.`;
    throw neutronError(400, 'InvalidInput', `Invalid input for operation: ${text}`);
  }
  const [first, second, last] = firstAndLast(cidr);
  const row = stamped(request, {
    enable_dhcp: true,
    gateway_ip: first,
    allocation_pools: [{ start: second, end: last }],
    dns_nameservers: [],
    host_routes: [],
    ipv6_address_mode: null,
    ipv6_ra_mode: null,
    'router:external': network['router:external'],
    ...given,
  });
  (network['subnets'] as string[]).push(row.id);
  return row;
}

/** Addresses of a port: those that are asked for, or one that is free. */
function fixedIps(
  world: World,
  network: Row,
  wanted: unknown,
  own?: string,
): { subnet_id: string; ip_address: string }[] {
  const subnets = world.all('subnet').filter(({ network_id }) => network_id === network.id);
  const taken = world
    .all('port')
    .filter(({ id, network_id }) => network_id === network.id && id !== own)
    .flatMap(({ fixed_ips }) => (fixed_ips as { ip_address: string }[]).map(({ ip_address }) => ip_address));
  const anywhere: Partial<FixedIp>[] = subnets.slice(0, 1).map(({ id }) => ({ subnet_id: id }));
  const asked = (wanted as Partial<FixedIp>[] | undefined) ?? anywhere;
  return asked.map(({ subnet_id, ip_address }) => {
    const subnet = subnets.find(({ id, cidr }) =>
      subnet_id === undefined ? addressIn(String(ip_address), String(cidr)) : id === subnet_id,
    );
    if (subnet === undefined)
      throw neutronError(
        400,
        'InvalidInput',
        `Invalid input for operation: IP address ${String(ip_address)} is not a valid IP for any of the subnets on the specified network.`,
      );
    const address = ip_address ?? freeAddress(subnet['allocation_pools'] as { start: string; end: string }[], taken);
    if (!addressIn(address, String(subnet['cidr'])))
      throw neutronError(
        400,
        'InvalidIpForSubnet',
        `IP address ${address} is not a valid IP for the specified subnet.`,
      );
    if (taken.includes(address))
      throw neutronError(
        409,
        'IpAddressAlreadyAllocated',
        `IP address ${address} already allocated in subnet ${subnet.id}`,
      );
    return { subnet_id: subnet.id, ip_address: address };
  });
}

const pairs = (given: unknown, mac: unknown): unknown =>
  ((given ?? []) as Record<string, unknown>[]).map((pair) => ({ mac_address: mac, ...pair }));

export function newPort(request: Request, given: Readonly<Record<string, unknown>>): Row {
  const { world } = request;
  const network = seen(request, 'network', given['network_id']);
  const groups = given['security_groups'] as string[] | undefined;
  for (const id of groups ?? []) seen(request, 'security_group', id);
  const id = world.newId();
  const mac = `fa:16:3e:${id.slice(-6).replace(/(..)(?=.)/g, '$1:')}`;
  return stamped(request, {
    admin_state_up: true,
    'binding:vnic_type': 'normal',
    device_id: '',
    device_owner: '',
    mac_address: mac,
    port_security_enabled: true,
    security_groups: groups ?? [defaultGroup(request).id],
    status: 'DOWN',
    ...given,
    id,
    fixed_ips: fixedIps(world, network, given['fixed_ips']),
    allowed_address_pairs: pairs(given['allowed_address_pairs'], mac),
  });
}

/** What a change of a port's addresses and pairs comes to. */
export function changedPort(request: Request, port: Row, changes: Record<string, unknown>): Record<string, unknown> {
  const network = seen(request, 'network', port['network_id']);
  const { fixed_ips, allowed_address_pairs } = changes;
  for (const id of (changes['security_groups'] ?? []) as string[]) seen(request, 'security_group', id);
  return {
    ...changes,
    ...(fixed_ips === undefined ? {} : { fixed_ips: fixedIps(request.world, network, fixed_ips, port.id) }),
    ...(allowed_address_pairs === undefined
      ? {}
      : { allowed_address_pairs: pairs(allowed_address_pairs, port['mac_address']) }),
  };
}
