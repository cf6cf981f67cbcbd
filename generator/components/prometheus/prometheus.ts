import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { toYaml } from '../../base/yaml.ts';
import { isKubernetesNode, pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { hole } from '../../secrets/holes.ts';
import { configAnnotation, CONFINED, ownUser } from '../addon-pods.ts';
import { storageClaim } from '../addon-storage.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { checkNodePort, nodePortOf } from '../node-port.ts';
import { exporterImage, exporterObjects, EXPORTER_PORT } from './node-exporter.ts';
import { CERTIFICATES, CONFIG, NAME, PORT } from './paths.ts';
import { alertRules } from './rules.ts';
import { prometheusConfig } from './scrape.ts';

const metadata = { name: NAME, namespace: NAME };
const labels = { 'app.kubernetes.io/name': NAME };
const DATA = '/prometheus';
/** The image's own user, nobody. */
const USER = 65_534;

/** Prometheus: one that watches the cluster, with the rights to look and no others. */
export const prometheus: Component = {
  name: NAME,
  check: (cluster) => checkNodePort(cluster, NAME),
  plan(cluster, node) {
    if (cluster.options.prometheus === undefined || !isKubernetesNode(cluster, node)) return [];
    const port = (number: number, purpose: string) =>
      ({ kind: 'port', protocol: 'tcp', port: number, purpose, from: 'nodes' }) as const;
    return [
      // One port, and one purpose in whatever opens it: Prometheus comes from any node, the API servers from theirs.
      port(10_250, `kubelet, for the API servers${cluster.controlPlane.runs === 'k3s' ? ' and metrics-server' : ''}`),
      ...(cluster.options.prometheus.nodeExporter === true
        ? [port(EXPORTER_PORT, 'node_exporter, for Prometheus')]
        : []),
    ];
  },
  addon(cluster) {
    const options = cluster.options.prometheus;
    if (options === undefined) return undefined;
    const exporter = options.nodeExporter === true;
    const files = { 'prometheus.yml': prometheusConfig(cluster), 'rules.yml': alertRules(cluster), 'web.yml': WEB };
    return {
      name: NAME,
      order: 60,
      images: [image(cluster), ...(exporter ? [exporterImage(cluster)] : [])],
      objects: [
        namespace(exporter),
        ...identity(),
        secret(),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: files } satisfies IConfigMap,
        statefulSet(cluster, files),
        service(cluster),
        ...(exporter ? exporterObjects(cluster, NAME) : []),
      ],
    };
  },
};

/** Who has no certificate of the cluster is told nothing (prometheus.io, "HTTPS and authentication"). */
const WEB = toYaml({
  tls_server_config: {
    cert_file: `${CERTIFICATES}/tls.crt`,
    key_file: `${CERTIFICATES}/tls.key`,
    client_auth_type: 'RequireAndVerifyClientCert',
    client_ca_file: `${CERTIFICATES}/ca.crt`,
    min_version: 'TLS12',
  },
});

function image(cluster: Cluster): string {
  return pinnedImage(cluster, `docker.io/prom/prometheus:v${cluster.versions.prometheus}`);
}

/** node_exporter sees the node, which the level of the others forbids. */
function namespace(exporter: boolean): KubernetesObject {
  const level = exporter ? 'privileged' : 'restricted';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAME, labels: { 'pod-security.kubernetes.io/enforce': level } },
  } satisfies INamespace;
}

function identity(): KubernetesObject[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const look = ['get', 'list', 'watch'];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata } satisfies IServiceAccount,
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [
        { apiGroups: [''], resources: ['nodes', 'services', 'pods'], verbs: look },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: look },
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      ],
    } satisfies IClusterRole,
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup, kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    } satisfies IClusterRoleBinding,
  ];
}

function secret(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/tls',
    data: {
      'ca.crt': hole('cluster-ca', 'bundle.b64'),
      'tls.crt': hole('prometheus', 'cert.b64'),
      'tls.key': hole('prometheus', 'key.b64'),
    },
  } satisfies ISecret;
}

function statefulSet(cluster: Cluster, files: Readonly<Record<string, string>>): KubernetesObject {
  const { retentionDays = 15, memoryLimit = '2Gi', storage } = cluster.options.prometheus ?? {};
  const claim = storageClaim(cluster, storage, '10Gi');
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...metadata, labels },
    spec: {
      replicas: 1,
      serviceName: NAME,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: configAnnotation(files) },
        spec: {
          serviceAccountName: NAME,
          securityContext: ownUser(USER),
          containers: [
            {
              name: NAME,
              image: image(cluster),
              imagePullPolicy: 'IfNotPresent',
              args: [
                `--config.file=${CONFIG}/prometheus.yml`,
                `--web.config.file=${CONFIG}/web.yml`,
                `--storage.tsdb.path=${DATA}`,
                `--storage.tsdb.retention.time=${String(retentionDays)}d`,
              ],
              ports: [{ name: 'https', containerPort: PORT }],
              // A probe of the kubelet's has no certificate to show.
              startupProbe: { tcpSocket: { port: PORT }, periodSeconds: 10, failureThreshold: 60 },
              livenessProbe: { tcpSocket: { port: PORT }, periodSeconds: 10, failureThreshold: 6 },
              readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 5 },
              resources: { requests: { cpu: '100m', memory: '400Mi' }, limits: { memory: memoryLimit } },
              securityContext: CONFINED,
              volumeMounts: [
                { name: 'config', mountPath: CONFIG, readOnly: true },
                { name: 'certificates', mountPath: CERTIFICATES, readOnly: true },
                { name: 'data', mountPath: DATA },
              ],
            },
          ],
          volumes: [
            { name: 'config', configMap: { name: NAME } },
            { name: 'certificates', secret: { secretName: NAME, defaultMode: 0o440 } },
            ...(claim === undefined ? [{ name: 'data', emptyDir: {} }] : []),
          ],
        },
      },
      ...(claim === undefined ? {} : { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }] }),
    },
  } satisfies IStatefulSet;
}

function service(cluster: Cluster): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, labels },
    spec: {
      type: 'NodePort',
      selector: labels,
      ports: [{ name: 'https', port: PORT, targetPort: 'https', nodePort: nodePortOf(cluster, NAME) ?? 0 }],
    },
  } satisfies IService;
}
