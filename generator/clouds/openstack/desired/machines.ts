import type { Cluster, ClusterNode } from '../../../cluster/cluster.ts';
import { of } from '../../resource.ts';
import { keyPairName } from '../marks.ts';
import type { ServerSpec } from '../specs.ts';
import { groupKeyOf } from './security.ts';
import { given, nodeNetwork, nodeSubnet, outward, resource, type OpenstackResource } from './shared.ts';

/** Servers of one kind that should not share a host; a group of one would say nothing. */
export function serverGroups(cluster: Cluster): OpenstackResource[] {
  const wanted = cluster.openstack?.antiAffinity ?? 'soft';
  if (wanted === 'none') return [];
  const policy = wanted === 'hard' ? 'anti-affinity' : 'soft-anti-affinity';
  return [...new Set(cluster.nodes.map(serverGroupOf))].flatMap((name) => {
    const members = cluster.nodes.filter((node) => serverGroupOf(node) === name);
    return members.length < 2
      ? []
      : [resource('server-group', name, { policy }, { cloudName: `${cluster.name}-${name}` })];
  });
}

/** A key pair of the first SSH key of the user that the blueprint names. */
export function keyPairs({ name, openstack, users }: Cluster): OpenstackResource[] {
  const [key] = users.find((user) => user.name === openstack?.keyPairOf)?.sshKeys ?? [];
  const cloudName = keyPairName(name, KEY_PAIR);
  return key === undefined ? [] : [resource('key-pair', 'nodes', { public_key: key }, { cloudName })];
}

const KEY_PAIR = 'key-pair/nodes';

function keyName({ keyPair, keyPairOf }: NonNullable<Cluster['openstack']>): Pick<ServerSpec, 'key_name'> {
  if (keyPairOf !== undefined) return { key_name: of(KEY_PAIR) };
  return keyPair === undefined ? {} : { key_name: of(given.keyPair(keyPair)) };
}

/** Those that the cluster cannot lose together. */
function serverGroupOf(node: ClusterNode): string {
  return node.roles.join('-');
}

/** A node's port, its volume and its server. */
export function machine(cluster: Cluster, node: ClusterNode): OpenstackResource[] {
  const openstack = cluster.openstack ?? { authUrl: '' };
  const { name } = node;
  const zone =
    node.zone === undefined ? {} : { availability_zone: openstack.availabilityZones?.[node.zone] ?? node.zone };
  const held = cluster.virtualIps.filter(({ holders }) => holders.includes(node));
  const port = resource(
    'port',
    name,
    {
      network: nodeNetwork(cluster),
      fixed_ips: node.addresses.map(({ family, text }) => ({ subnet: nodeSubnet(cluster, family), ip_address: text })),
      security_groups: [of(groupKeyOf(node))],
      allowed_address_pairs: held.flatMap(({ addresses }) => addresses.map(({ text }) => text)),
    },
    { cloudName: `${cluster.name}-${name}`, node: name },
  );
  const { etcdVolume, bootVolume } = openstack;
  const hasVolume = etcdVolume !== undefined && cluster.etcdNodes.includes(node);
  const volume = hasVolume
    ? [
        resource(
          'volume',
          `${name}-etcd`,
          {
            size: gib(etcdVolume.size),
            ...(etcdVolume.type === undefined ? {} : { volume_type: etcdVolume.type }),
            ...volumeZone(etcdVolume.availabilityZone, zone),
          },
          { cloudName: `${cluster.name}-${name}-etcd`, node: name },
        ),
      ]
    : [];
  const flavor = node.server.flavor ?? openstack.flavor ?? '';
  const alone = cluster.nodes.filter((other) => serverGroupOf(other) === serverGroupOf(node)).length < 2;
  const server = resource(
    'server',
    name,
    {
      image: of(given.image(node.server.image ?? openstack.image ?? '')),
      flavor: of(given.flavor(flavor)),
      flavor_name: of(given.flavor(flavor), 'name'),
      port: of(port.key),
      volumes: volume.map(({ key }) => of(key)),
      ...(alone || openstack.antiAffinity === 'none'
        ? {}
        : { server_group: of(`server-group/${serverGroupOf(node)}`) }),
      ...zone,
      ...keyName(openstack),
      // cloud-init finds OpenStack on arm64, which has no DMI there, by the drive alone (cloud-init breaking_changes, 25.1.4).
      config_drive: openstack.configDrive ?? node.os.arch === 'arm64',
      ...(bootVolume === undefined
        ? {}
        : {
            boot_volume: {
              size: gib(bootVolume.size),
              ...(bootVolume.type === undefined ? {} : { volume_type: bootVolume.type }),
            },
          }),
    },
    // The cloud controller finds a server by the node's own name.
    { cloudName: name, node: name, after: outward(cluster) },
  );
  return [port, ...volume, server];
}

/** Compute and volumes have zones of their own, whose names need not agree. */
function volumeZone(
  chosen: string | undefined,
  ofServer: { availability_zone?: string },
): { availability_zone?: string } {
  if (chosen === undefined) return {};
  return chosen === 'server' ? ofServer : { availability_zone: chosen };
}

/** "20 GiB" → 20 */
function gib(size: string): number {
  return Number(size.split(' ')[0]);
}
