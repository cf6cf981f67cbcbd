import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { CertificateSpec } from './specs.ts';

/** What a certificate is for. */
type Names = Pick<CertificateSpec, 'dnsNames' | 'ipAddresses'>;

/** The node's name and addresses, and more of either. */
export function sansOf(
  node: ClusterNode,
  dnsNames: readonly string[] = [],
  ipAddresses: readonly string[] = [],
): Names {
  return { dnsNames: [node.name, ...dnsNames], ipAddresses: [...node.addresses.map((a) => a.text), ...ipAddresses] };
}

/** Every name and address by which anything reaches this API server. */
export function apiServerNames(cluster: Cluster, node: ClusterNode): Names {
  const { endpoint, network } = cluster;
  const service = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${network.dnsDomain}`,
  ];
  const virtualIps = cluster.virtualIps.filter(({ serves }) => serves === 'api').flatMap(({ addresses }) => addresses);
  const outside = [
    endpoint.internal.host,
    endpoint.external.host,
    ...endpoint.names,
    ...virtualIps.map(({ text }) => text),
  ];
  const isAddress = (host: string): boolean => host.includes(':') || /^[0-9.]+$/.test(host);
  const own = sansOf(node, ['localhost', ...service], ['127.0.0.1', '::1', ...network.apiAddresses.map((a) => a.text)]);
  return {
    dnsNames: [...new Set([...own.dnsNames, ...outside.filter((host) => !isAddress(host))])],
    ipAddresses: [...new Set([...own.ipAddresses, ...outside.filter(isAddress)])],
  };
}
