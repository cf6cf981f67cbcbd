import type { Cluster } from '../cluster/cluster.ts';
import { joinsByToken } from '../cluster/kubeadm.ts';
import { pacemakerValues } from './pacemaker-values.ts';
import type { ValueSpec } from './specs.ts';

/** The secrets and cloud facts of a cluster that are no certificates. */
export function values(cluster: Cluster): ValueSpec[] {
  const specs: ValueSpec[] = [];
  if (cluster.encryptionAtRest.provider !== 'none') {
    specs.push({
      name: 'encryption-at-rest',
      part: 'key',
      from: 'generated',
      title: 'key of the encryption at rest',
      bytes: 32,
      maxLength: 44,
    });
  }
  if (
    cluster.options.keepalived?.authentication === 'pass' &&
    cluster.virtualIps.some((v) => v.movedBy === 'keepalived')
  ) {
    specs.push({
      name: 'keepalived',
      part: 'auth-pass',
      from: 'generated',
      title: 'password of VRRP',
      // keepalived reads eight characters of it, and no more; six octets are eight in base64.
      bytes: 6,
      maxLength: 8,
    });
  }
  if (joinsByToken(cluster)) {
    const token = { name: 'bootstrap-token', from: 'generated', alphabet: 'base36' } as const;
    specs.push({ ...token, part: 'id', title: 'name of the bootstrap token', maxLength: 6 });
    specs.push({ ...token, part: 'secret', title: 'the bootstrap token', maxLength: 16 });
  }
  if (cluster.controlPlane.runs === 'k3s') {
    specs.push(password('token', 'password with which k3s servers join'));
    specs.push(password('agent-token', 'password with which k3s agents join'));
  }
  if (cluster.options.grafana !== undefined) {
    const title = 'password of Grafana’s user admin';
    specs.push({ name: 'grafana', part: 'admin-password', from: 'generated', title, bytes: 24, maxLength: 64 });
  }
  if (cluster.openstack !== undefined) specs.push(...openstackValues(cluster, cluster.openstack));
  return [...specs, ...pacemakerValues(cluster)];
}

/** Of k3s' tokens. */
function password(part: string, title: string): ValueSpec {
  return { name: 'k3s', part, from: 'generated', title, bytes: 32, maxLength: 44 };
}

/** Characters of an id, and characters that mean nothing between the quotes of cloud.conf. */
const ID = '^[0-9A-Za-z._-]+$';
const QUOTABLE = '^[ !#-[\\]-~]+$';

/** What cloud.conf and etcd's disks need to know; the controller finds the subnets of two families by itself. */
function openstackValues(cluster: Cluster, openstack: NonNullable<Cluster['openstack']>): ValueSpec[] {
  const value = (part: string, from: ValueSpec['from'], title: string, maxLength: number, pattern = ID): ValueSpec => ({
    name: 'openstack',
    part,
    from,
    title,
    maxLength,
    pattern,
  });
  const oneFamily = cluster.network.nodes.length === 1;
  const volumes = openstack.etcdVolume === undefined ? [] : cluster.etcdNodes;
  return [
    value('credential-id', 'operator', 'id of the cloud controller’s application credential', 64),
    value('credential-secret', 'operator', 'secret of the cloud controller’s application credential', 128, QUOTABLE),
    ...(oneFamily ? [value('subnet-id', 'cloud', 'id of the nodes’ subnet', 36)] : []),
    ...(openstack.externalNetwork === undefined
      ? []
      : [value('floating-network-id', 'cloud', 'id of the external network', 36)]),
    ...volumes.map(({ name }) =>
      value(`etcd-volume-serial.${name}`, 'cloud', `first 20 characters of the id of ${name}’s etcd volume`, 20),
    ),
  ];
}
