import type { Cloud, LoadBalancer, Port } from 'openstack-client-lite';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ChangePlan } from '../change-plan.ts';
import type { Observed } from '../resource.ts';
import type { Share } from './kubernetes/made.ts';

/** Ports that Neutron takes away with what they belong to. */
const GOES_ALONG =
  /^network:(dhcp|distributed|ha_router_replicated_interface|router_ha_interface|router_centralized_snat|router_gateway)/;

/** What stays and holds on to what is to go: Neutron deletes no network, router or security group that is in use. */
export async function blockers({ changes }: ChangePlan, cloud: Cloud): Promise<Diagnostic[]> {
  const going = new Map<string, Observed>();
  const staying = new Map<string, string>();
  for (const change of changes) {
    if (change.action !== 'delete' && change.action !== 'keep') continue;
    const { observed } = change;
    if (change.action === 'delete') going.set(observed.id, observed);
    const port = vipPort(observed);
    // Of a load balancer that is shared only the cluster's part goes.
    if (port !== undefined && change.action === 'delete' && observed.kind === 'load-balancer')
      going.set(port, observed);
    else if (port !== undefined) staying.set(port, `${observed.key}, which Kubernetes made,`);
  }
  const isHeld = ({ kind, maker }: Observed): boolean => maker === undefined && HELD.includes(kind);
  if (![...going.values()].some(isHeld)) return [];
  return (await cloud.network.ports.list()).flatMap((port) => {
    if (goesWith(port, going)) return [];
    const held = [
      port.network_id,
      ...port.fixed_ips.map(({ subnet_id }) => subnet_id),
      port.device_id,
      ...port.security_groups,
    ]
      .flatMap((id) => going.get(id) ?? [])
      .find(isHeld);
    if (held === undefined) return [];
    const owner = port.device_owner === '' ? '' : ` (${port.device_owner})`;
    const holder = staying.get(port.id) ?? `the port ${port.name || port.id}${owner}`;
    return [diagnostic('cloud/blocked', `${held.key} cannot go: ${holder} needs it`)];
  });
}

/** Kinds that are not deleted as long as a port needs them. */
const HELD = ['network', 'subnet', 'router', 'security-group'];

function vipPort({ kind, item }: Observed): string | undefined {
  if (kind === 'load-balancer') return (item as LoadBalancer).vip_port_id;
  return kind === 'load-balancer-share' ? (item as Share).balancer.vip_port_id : undefined;
}

function goesWith({ id, name, device_id, device_owner }: Port, going: ReadonlyMap<string, Observed>): boolean {
  return (
    going.has(id) ||
    going.get(device_id)?.kind === 'server' ||
    GOES_ALONG.test(device_owner) ||
    // Of the machines behind a load balancer, whose own port says whether it goes.
    name.startsWith('octavia-lb-vrrp-')
  );
}
