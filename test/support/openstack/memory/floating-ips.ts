/** Neutron's floating addresses in memory. */
import { neutronError, textOf, type Request } from './http.ts';
import { seen, stamped } from './resources.ts';
import { outerAddress, routerOf } from './routers.ts';
import type { Row } from './world.ts';

export function newFloatingIp(request: Request): Row {
  const given = request.body['floatingip'] as Record<string, unknown>;
  const { ip_address } = outerAddress(request, given['floating_network_id']);
  const { name: _name, ...row } = stamped(request, {
    fixed_ip_address: null,
    floating_ip_address: ip_address,
    port_id: null,
    router_id: null,
    status: 'DOWN',
    ...given,
  });
  return Object.assign(row as Row, changedFloatingIp(request, row as Row, given));
}

/** Its status follows its port within a moment. */
export function changedFloatingIp(
  request: Request,
  row: Row,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const { world } = request;
  const { port_id } = changes;
  if (port_id === undefined) return changes;
  world.later(1, () => (row['status'] = row['port_id'] === null ? 'DOWN' : 'ACTIVE'));
  if (port_id === null) return { ...changes, fixed_ip_address: null, router_id: null };
  const port = seen(request, 'port', port_id);
  const fixed = textOf(changes['fixed_ip_address'] ?? (port['fixed_ips'] as { ip_address: string }[])[0]?.ip_address);
  const other = world
    .all('floatingip')
    .find((each) => each.id !== row.id && each['port_id'] === port_id && each['fixed_ip_address'] === fixed);
  const outer = String(row['floating_network_id']);
  if (other !== undefined) {
    const what = `floating IP ${String(row['floating_ip_address'])} (${row.id}) with port ${port.id} using fixed IP ${fixed}`;
    const why = `as that fixed IP already has a floating IP on external network ${outer}`;
    throw neutronError(409, 'FloatingIPPortAlreadyAssociated', `Cannot associate ${what}, ${why}.`);
  }
  const router = routerOf(world, port);
  if (router?.['external_gateway_info'] === undefined || router['external_gateway_info'] === null) {
    const text = `External network ${outer} is not reachable from subnet`;
    throw neutronError(
      404,
      'ExternalGatewayForFloatingIPNotFound',
      `${text}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`,
    );
  }
  return { ...changes, fixed_ip_address: fixed, router_id: router.id };
}
