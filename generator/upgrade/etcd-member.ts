import { hostPort } from '../base/networks.ts';
import { etcdRuns, type Cluster, type ClusterNode } from '../cluster/cluster.ts';

/** The etcdctl of the node, which brings address and certificates along. sudo's own path leaves /opt/bin out. */
export const ETCDCTL = 'sudo /opt/bin/etcdctl';

const STOP_POD =
  '`sudo systemctl stop triskel-etcd-guard kubelet`, then ' +
  "`sudo /opt/bin/crictl stop $(sudo /opt/bin/crictl ps --quiet --name '^etcd$')`";
const STOP_UNIT = '`sudo systemctl stop etcd`';

/**
 * A member without a disk of its own loses its data with the machine. It leaves while its peers have their quorum: of two
 * members, none could be removed once the other is gone.
 */
export function memberAway({ name }: ClusterNode, peer: ClusterNode): string[] {
  return [
    `on ${peer.name}: \`${ETCDCTL} member list\` shows the id of ${name}, then \`${ETCDCTL} member remove <id>\``,
  ];
}

/** The guard keeps the new member off until it is marked as a replacement and its peers expect it, in this order. */
export function memberBack({ name, addresses }: ClusterNode, peer: ClusterNode): string[] {
  const url = `https://${hostPort(addresses[0].text, 2380)}`;
  return [
    `on ${name}, once its console says that etcd stays off: \`sudo touch /etc/triskel/etcd-replacement\``,
    `on ${peer.name}: \`${ETCDCTL} member add ${name} --peer-urls=${url}\``,
  ];
}

/** The only member: its data folder goes with it, copied while etcd stands still. */
export function dataAway(cluster: Cluster, name: string): string[] {
  return [
    `on ${name}: ${stop(cluster)}`,
    `on ${name}: \`sudo tar -C /var/lib/etcd -cpf etcd.tar data\`; move the file off the machine, it holds all of the cluster’s secrets`,
  ];
}

export function dataBack(cluster: Cluster, name: string): string[] {
  return [
    `on ${name}, once it is up: ${stop(cluster)}`,
    `on ${name}, with the file: \`sudo rm -rf /var/lib/etcd/data && sudo tar -C /var/lib/etcd -xpf etcd.tar && sudo reboot\``,
  ];
}

function stop(cluster: Cluster): string {
  return etcdRuns(cluster) === 'unit' ? STOP_UNIT : STOP_POD;
}
