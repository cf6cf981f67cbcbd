import { hostPort } from '../../base/networks.ts';
import { toYaml } from '../../base/yaml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { EXPORTER_PORT } from './node-exporter.ts';
import { CERTIFICATES } from './paths.ts';

/** k3s' etcd shows its metrics to the nodes where `etcd-expose-metrics` says so; any other wants a client key of etcd's CA. */
const K3S_ETCD_PORT = 2381;
/** What the service account brings: its token, and the CA of the API and of the kubelets. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

type Rule = Readonly<Record<string, unknown>>;
type Job = Readonly<Record<string, unknown>>;

/** prometheus.yml (prometheus.io, "Configuration"). */
export function prometheusConfig(cluster: Cluster): string {
  const { scrapeSeconds = 30 } = cluster.options.prometheus ?? {};
  return toYaml({
    global: {
      scrape_interval: `${String(scrapeSeconds)}s`,
      evaluation_interval: `${String(scrapeSeconds)}s`,
      external_labels: { cluster: cluster.name },
    },
    rule_files: ['/etc/prometheus/config/rules.yml'],
    scrape_configs: jobs(cluster),
  });
}

function jobs(cluster: Cluster): Job[] {
  return [
    {
      job_name: 'prometheus',
      scheme: 'https',
      tls_config: {
        ca_file: `${CERTIFICATES}/ca.crt`,
        cert_file: `${CERTIFICATES}/tls.crt`,
        key_file: `${CERTIFICATES}/tls.key`,
        server_name: 'localhost',
      },
      static_configs: [{ targets: ['127.0.0.1:9090'] }],
    },
    {
      job_name: 'apiserver',
      ...withAccount({ server_name: 'kubernetes' }),
      kubernetes_sd_configs: [{ role: 'endpointslice', namespaces: { names: ['default'] } }],
      relabel_configs: [keep(['service_name', 'endpointslice_port_name'], 'kubernetes;https')],
    },
    kubelet('kubelet', '/metrics'),
    kubelet('containers', '/metrics/cadvisor'),
    {
      job_name: 'dns',
      kubernetes_sd_configs: [{ role: 'endpointslice', namespaces: { names: ['kube-system'] } }],
      relabel_configs: [keep(['service_name', 'endpointslice_port_name'], 'kube-dns;metrics')],
    },
    ...(cluster.controlPlane.runs === 'k3s' ? [etcd(cluster)] : []),
    ...(cluster.options.prometheus?.nodeExporter === true ? [exporter()] : []),
    annotated(),
  ];
}

/** Over HTTPS as the service account; servers prove themselves with a certificate of the cluster's CA. */
function withAccount(tls: Rule = {}): Job {
  return {
    scheme: 'https',
    authorization: { credentials_file: `${ACCOUNT}/token` },
    tls_config: { ca_file: `${ACCOUNT}/ca.crt`, ...tls },
  };
}

function kubelet(name: string, path: string): Job {
  return {
    job_name: name,
    ...withAccount(),
    metrics_path: path,
    kubernetes_sd_configs: [{ role: 'node' }],
    relabel_configs: [NODE],
  };
}

const NODE: Rule = { source_labels: ['__meta_kubernetes_node_name'], target_label: 'node' };

function etcd(cluster: Cluster): Job {
  const targets = cluster.etcdNodes.map(({ name, addresses }) => ({
    targets: [hostPort(addresses[0].text, K3S_ETCD_PORT)],
    labels: { node: name },
  }));
  return { job_name: 'etcd', static_configs: targets };
}

/** On every node's own address, by which the kubelet is reached, too. */
function exporter(): Job {
  const address = { source_labels: ['__address__'], regex: '(.+):\\d+', target_label: '__address__' };
  return {
    job_name: 'nodes',
    kubernetes_sd_configs: [{ role: 'node' }],
    relabel_configs: [{ ...address, replacement: `\${1}:${String(EXPORTER_PORT)}` }, NODE],
  };
}

/** Pods that ask for it by the annotations that the whole field uses: prometheus.io/scrape, /path, /port. */
function annotated(): Job {
  const annotation = (name: string): string => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
  return {
    job_name: 'pods',
    kubernetes_sd_configs: [{ role: 'pod' }],
    relabel_configs: [
      { source_labels: [annotation('scrape')], regex: 'true', action: 'keep' },
      { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed', action: 'drop' },
      { source_labels: [annotation('path')], regex: '(.+)', target_label: '__metrics_path__' },
      {
        source_labels: ['__address__', annotation('port')],
        regex: '(.+?)(?::\\d+)?;(\\d+)',
        replacement: '${1}:${2}',
        target_label: '__address__',
      },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
    ],
  };
}

function keep(labels: readonly string[], regex: string): Rule {
  return { source_labels: labels.map((label) => `__meta_kubernetes_${label}`), regex, action: 'keep' };
}
