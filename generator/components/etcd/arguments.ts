import { hostPort } from '../../base/networks.ts';
import { loopbackOf, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { etcdHasFeatureGates } from '../../cluster/versions.ts';
import { withExtraArguments } from '../extra-arguments.ts';
import { ETCD_CA, ETCD_PKI } from '../node-paths.ts';
import { TLS_CIPHER_SUITES } from '../tls.ts';

/** The mount point of etcd's own disk, where it has one. */
export const MOUNT = '/var/lib/etcd';
/** A subfolder of the mount: a folder beneath the mount point cannot be taken for it (etcd would be born on the root disk). */
export const DATA = `${MOUNT}/data`;
/** Of health and metrics, on the loopback address, without TLS. */
export const METRICS_PORT = 2381;

/** etcd's arguments, in the words of the etcd that is installed: 3.6 renamed what 3.5 called experimental. */
export function etcdArguments(cluster: Cluster, node: ClusterNode): string[] {
  const { heartbeatInterval = 100, electionTimeout = 1000, quotaGiB = 8, extraArguments } = cluster.options.etcd ?? {};
  const modern = etcdHasFeatureGates(cluster.versions);
  const own = [
    `--name=${node.name}`,
    `--data-dir=${DATA}`,
    `--initial-cluster=${cluster.etcdNodes.map((member) => `${member.name}=${peerUrl(member)}`).join(',')}`,
    `--initial-cluster-token=${cluster.name}`,
    '--initial-cluster-state=new',
    `--initial-advertise-peer-urls=${peerUrl(node)}`,
    `--listen-peer-urls=${peerUrl(node)}`,
    `--advertise-client-urls=${clientUrl(node)}`,
    `--listen-client-urls=https://${hostPort(loopbackOf(node), 2379)},${clientUrl(node)}`,
    `--listen-metrics-urls=http://${hostPort(loopbackOf(node), METRICS_PORT)}`,
    `--cert-file=${ETCD_PKI}/server.crt`,
    `--key-file=${ETCD_PKI}/server.key`,
    `--trusted-ca-file=${ETCD_CA}`,
    '--client-cert-auth=true',
    `--peer-cert-file=${ETCD_PKI}/peer.crt`,
    `--peer-key-file=${ETCD_PKI}/peer.key`,
    `--peer-trusted-ca-file=${ETCD_CA}`,
    '--peer-client-cert-auth=true',
    '--tls-min-version=TLS1.2',
    `--cipher-suites=${TLS_CIPHER_SUITES.join(',')}`,
    `--heartbeat-interval=${String(heartbeatInterval)}`,
    `--election-timeout=${String(electionTimeout)}`,
    `--quota-backend-bytes=${String(quotaGiB * 1024 ** 3)}`,
    '--snapshot-count=10000',
    // A member whose data differ from its peers' does not start to serve.
    modern ? '--feature-gates=InitialCorruptCheck=true' : '--experimental-initial-corrupt-check=true',
    // The API server's watch cache needs these to serve consistent reads (KEP-2340).
    modern ? '--watch-progress-notify-interval=5s' : '--experimental-watch-progress-notify-interval=5s',
  ];
  return withExtraArguments(own, extraArguments);
}

/** Where its peers reach a member. */
export function peerUrl(node: ClusterNode): string {
  return `https://${hostPort(node.addresses[0].text, 2380)}`;
}

/** Where its clients reach a member. */
export function clientUrl(node: ClusterNode): string {
  return `https://${hostPort(node.addresses[0].text, 2379)}`;
}
