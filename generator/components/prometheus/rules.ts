import { toYaml } from '../../base/yaml.ts';
import type { Cluster } from '../../cluster/cluster.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: 'warning' | 'critical' };
  readonly annotations: { readonly summary: string };
}

/** What deserves a look, as rules of alerts (prometheus.io, "Alerting rules"); nothing sends them anywhere. */
export function alertRules(cluster: Cluster): string {
  const alert = (
    name: string,
    expr: string,
    minutes: number,
    severity: 'warning' | 'critical',
    summary: string,
  ): Alert => ({
    alert: name,
    expr,
    for: `${String(minutes)}m`,
    labels: { severity },
    annotations: { summary },
  });
  const servers = cluster.controlPlaneNodes.length;
  const rules = [
    alert('TargetDown', 'up == 0', 5, 'warning', '{{ $labels.job }} at {{ $labels.instance }} does not answer'),
    alert(
      'ApiServersMissing',
      `sum(up{job="apiserver"}) < ${String(servers)}`,
      5,
      'critical',
      `Fewer than ${String(servers)} API servers answer`,
    ),
    alert(
      'ApiServerErrors',
      'sum(rate(apiserver_request_total{code=~"5.."}[5m])) / sum(rate(apiserver_request_total[5m])) > 0.03',
      10,
      'warning',
      'More than 3 % of the requests to the API fail',
    ),
    alert(
      'CertificateExpires',
      'histogram_quantile(0.01, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket[15m]))) < 1209600',
      15,
      'warning',
      'A client of the API uses a certificate that ends within two weeks',
    ),
    ...(cluster.controlPlane.runs === 'k3s'
      ? [
          alert(
            'EtcdNoLeader',
            'etcd_server_has_leader == 0',
            1,
            'critical',
            'etcd on {{ $labels.node }} has no leader',
          ),
          alert(
            'EtcdSlowDisk',
            'histogram_quantile(0.99, sum by (node, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m]))) > 0.5',
            10,
            'warning',
            'The disk of etcd on {{ $labels.node }} takes more than half a second to write',
          ),
        ]
      : []),
    ...(cluster.options.prometheus?.nodeExporter === true
      ? [
          alert(
            'DiskFills',
            'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"} / node_filesystem_size_bytes < 0.1',
            15,
            'warning',
            '{{ $labels.mountpoint }} on {{ $labels.node }} has less than a tenth left',
          ),
        ]
      : []),
  ];
  return toYaml({ groups: [{ name: 'cluster', rules }] });
}
