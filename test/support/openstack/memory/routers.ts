/** Neutron's routers in memory. */
import { addressIn, freeAddress } from './addresses.ts';
import { neutronError, type Reply, type Request } from './http.ts';
import { newPort } from './network-rows.ts';
import { seen, stamped } from './resources.ts';
import type { Row, World } from './world.ts';

export function newRouter(request: Request): Row {
  const given = request.body['router'] as Record<string, unknown>;
  const row = stamped(request, {
    admin_state_up: true,
    availability_zone_hints: [],
    external_gateway_info: null,
    flavor_id: null,
    routes: [],
    status: 'ACTIVE',
  });
  return Object.assign(row, changedRouter(request, row, given));
}

/** A gateway gets an address of the outer network; the next hop of a route must be on one of the router's networks. */
export function changedRouter(
  request: Request,
  router: Row,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const { world } = request;
  const { external_gateway_info: gateway, routes } = changes;
  for (const route of (routes ?? []) as { destination: string; nexthop: string }[])
    if (
      !interfaces(world, router.id).some((port) =>
        subnetsOf(world, port).some(({ cidr }) => addressIn(route.nexthop, String(cidr))),
      )
    ) {
      const text = `[{'destination': '${route.destination}', 'nexthop': '${route.nexthop}'}]`;
      throw neutronError(
        400,
        'InvalidRoutes',
        `Invalid format for routes: ${text}, the nexthop is not connected with router`,
      );
    }
  if (gateway === undefined || gateway === null) return changes;
  const { network_id } = gateway as { network_id: string };
  return {
    ...changes,
    external_gateway_info: { network_id, enable_snat: true, external_fixed_ips: [outerAddress(request, network_id)] },
  };
}

/** A free address of an outer network. */
export function outerAddress(request: Request, network: unknown): { subnet_id: string; ip_address: string } {
  const { world } = request;
  const outer = seen(request, 'network', network);
  if (outer['router:external'] !== true)
    throw neutronError(
      400,
      'BadRequest',
      `Bad floatingip request: Network ${outer.id} is not a valid external network.`,
    );
  const subnet = world.all('subnet').find(({ network_id }) => network_id === outer.id);
  if (subnet === undefined) throw neutronError(400, 'BadRequest', 'Bad floatingip request: no subnet');
  const gateways = world
    .all('router')
    .flatMap(({ external_gateway_info: info }) =>
      info === null ? [] : (info as { external_fixed_ips: { ip_address: string }[] }).external_fixed_ips,
    );
  const taken = [
    ...gateways.map(({ ip_address }) => ip_address),
    ...world.all('floatingip').map((each) => String(each['floating_ip_address'])),
  ];
  return {
    subnet_id: subnet.id,
    ip_address: freeAddress(subnet['allocation_pools'] as { start: string; end: string }[], taken),
  };
}

function interfaces(world: World, router: string): Row[] {
  return world
    .all('port')
    .filter(({ device_id, device_owner }) => device_id === router && device_owner === 'network:router_interface');
}

function subnetsOf(world: World, port: Row): Row[] {
  return (port['fixed_ips'] as { subnet_id: string }[]).flatMap(
    ({ subnet_id }) => world.get('subnet', subnet_id) ?? [],
  );
}

/** The router that has both the network of the port and a gateway to the outer one. */
export function routerOf(world: World, port: Row): Row | undefined {
  const subnets = subnetsOf(world, port).map(({ id }) => id);
  return world
    .all('router')
    .find((router) =>
      interfaces(world, router.id).some((each) => subnetsOf(world, each).some(({ id }) => subnets.includes(id))),
    );
}

export function addInterface(request: Request): Reply {
  const { world, params, body } = request;
  const router = seen(request, 'router', params[0]);
  const named = body['port_id'] === undefined ? undefined : seen(request, 'port', body['port_id']);
  const subnet = named === undefined ? seen(request, 'subnet', body['subnet_id']) : subnetsOf(world, named)[0]!;
  if (interfaces(world, router.id).some((port) => subnetsOf(world, port).includes(subnet)))
    throw neutronError(400, 'BadRequest', `Bad router request: Router already has a port on subnet ${subnet.id}.`);
  const port =
    named ??
    world.add(
      'port',
      newPort(request, {
        network_id: subnet['network_id'],
        fixed_ips: [{ subnet_id: subnet.id, ip_address: subnet['gateway_ip'] }],
        security_groups: [],
        port_security_enabled: false,
      }),
    );
  Object.assign(port, { device_id: router.id, device_owner: 'network:router_interface', status: 'ACTIVE' });
  return { status: 200, body: interfaceBody(router, port, subnet) };
}

export function removeInterface(request: Request): Reply {
  const { world, params, body } = request;
  const router = seen(request, 'router', params[0]);
  const wanted = String(body['subnet_id']);
  const port = interfaces(world, router.id).find(
    (each) => each.id === body['port_id'] || subnetsOf(world, each).some(({ id }) => id === wanted),
  );
  if (port === undefined)
    throw neutronError(
      404,
      'RouterInterfaceNotFoundForSubnet',
      `Router ${router.id} has no interface on subnet ${wanted}`,
    );
  const subnet = subnetsOf(world, port)[0]!;
  const inUse = (type: string, by: string): Error =>
    neutronError(
      409,
      type,
      `Router interface for subnet ${subnet.id} on router ${router.id} cannot be deleted, as it is required by one or more ${by}.`,
    );
  if ((router['routes'] as { nexthop: string }[]).some(({ nexthop }) => addressIn(nexthop, String(subnet['cidr']))))
    throw inUse('RouterInterfaceInUseByRoute', 'routes');
  const isReached = world
    .all('floatingip')
    .some(
      (address) =>
        address['router_id'] === router.id && addressIn(String(address['fixed_ip_address']), String(subnet['cidr'])),
    );
  if (isReached) throw inUse('RouterInterfaceInUseByFloatingIP', 'floating IPs');
  world.remove('port', port.id);
  return { status: 200, body: interfaceBody(router, port, subnet) };
}

function interfaceBody(router: Row, port: Row, subnet: Row): unknown {
  return {
    id: router.id,
    network_id: subnet['network_id'],
    port_id: port.id,
    subnet_id: subnet.id,
    subnet_ids: [subnet.id],
  };
}
