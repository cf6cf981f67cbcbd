import type { Cluster } from '../../cluster/cluster.ts';
import { SOURCE } from './provisioning.ts';

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}

/** The one dashboard that is there from the start (grafana.com, "Dashboard JSON model"): whether all is well, in a dozen pictures. */
export function dashboard(cluster: Cluster): string {
  const shown = panels(cluster).map(({ title, unit, queries }, index) => ({
    id: index + 1,
    title,
    type: 'timeseries',
    datasource: { type: 'prometheus', uid: SOURCE },
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: queries.map(([expr, legendFormat], query) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + query),
      expr,
      legendFormat,
    })),
  }));
  const model = {
    uid: 'cluster',
    title: `Cluster ${cluster.name}`,
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    panels: shown,
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

function panels(cluster: Cluster): Panel[] {
  const latency = 'sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{verb!~"WATCH|CONNECT"}[5m]))';
  return [
    { title: 'What answers', unit: 'none', queries: [['sum by (job) (up)', '{{job}}']] },
    { title: 'What does not answer', unit: 'none', queries: [['sum by (job) (1 - up)', '{{job}}']] },
    {
      title: 'Requests to the API',
      unit: 'reqps',
      queries: [['sum by (code) (rate(apiserver_request_total[5m]))', '{{code}}']],
    },
    {
      title: 'API, 99 of 100 requests take',
      unit: 's',
      queries: [[`histogram_quantile(0.99, ${latency})`, '{{verb}}']],
    },
    ...(cluster.controlPlane.runs === 'k3s' ? etcd() : []),
    {
      title: 'Processors, by node',
      unit: 'none',
      queries: [['sum by (node) (rate(container_cpu_usage_seconds_total{id="/"}[5m]))', '{{node}}']],
    },
    {
      title: 'Memory, by node',
      unit: 'bytes',
      queries: [['sum by (node) (container_memory_working_set_bytes{id="/"})', '{{node}}']],
    },
    { title: 'Pods, by node', unit: 'none', queries: [['sum by (node) (kubelet_running_pods)', '{{node}}']] },
    {
      title: 'Alerts',
      unit: 'none',
      queries: [['sum by (alertname, alertstate) (ALERTS)', '{{alertname}} {{alertstate}}']],
    },
  ];
}

function etcd(): Panel[] {
  return [
    { title: 'etcd has a leader', unit: 'none', queries: [['etcd_server_has_leader', '{{node}}']] },
    {
      title: 'etcd, 99 of 100 writes to disk take',
      unit: 's',
      queries: [
        [
          'histogram_quantile(0.99, sum by (node, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])))',
          '{{node}}',
        ],
      ],
    },
  ];
}
