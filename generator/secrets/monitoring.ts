import type { Cluster } from '../cluster/cluster.ts';
import type { CertificateSpec } from './specs.ts';

type Names = Pick<CertificateSpec, 'dnsNames' | 'ipAddresses'>;
/** Fills in what most leaves have alike. */
type Leaf = (
  spec: Pick<CertificateSpec, 'id' | 'ca' | 'commonName' | 'usages' | 'purpose'> & Partial<CertificateSpec>,
) => CertificateSpec;

/** Prometheus is asked with a client certificate, Grafana by name and password; both answer at the endpoint's hosts (`outside`), too. */
export function monitoringCertificates(cluster: Cluster, leaf: Leaf, outside: Names): CertificateSpec[] {
  const { prometheus, grafana } = cluster.options;
  const nodes = cluster.controlPlaneNodes;
  const server = (id: 'prometheus' | 'grafana', usages: CertificateSpec['usages']): CertificateSpec => {
    const within = ['localhost', `${id}.${id}.svc`, `${id}.${id}.svc.${cluster.network.dnsDomain}`];
    const addresses = nodes.flatMap((node) => node.addresses.map(({ text }) => text));
    return leaf({
      id,
      ca: 'cluster-ca',
      commonName: id,
      dnsNames: [...new Set([...within, ...outside.dnsNames, ...nodes.map(({ name }) => name)])],
      ipAddresses: [...new Set(['127.0.0.1', '::1', ...outside.ipAddresses, ...addresses])],
      usages,
      purpose: id === 'grafana' ? 'Grafana for browsers' : 'Prometheus for its clients, and at itself',
    });
  };
  const client = leaf({
    id: 'grafana-client',
    ca: 'cluster-ca',
    commonName: 'grafana',
    usages: ['client'],
    purpose: 'Grafana at Prometheus',
  });
  return [
    ...(prometheus === undefined ? [] : [server('prometheus', ['server', 'client'])]),
    ...(grafana === undefined ? [] : [server('grafana', ['server'])]),
    ...(grafana === undefined || prometheus === undefined ? [] : [client]),
  ];
}
