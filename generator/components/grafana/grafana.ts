import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { ISecret } from 'kubernetes-models/v1/Secret';
import type { IService } from 'kubernetes-models/v1/Service';
import { hostPort } from '../../base/networks.ts';
import { pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { hole } from '../../secrets/holes.ts';
import { configAnnotation, CONFINED, ownUser } from '../addon-pods.ts';
import { storageClaim } from '../addon-storage.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { checkNodePort, nodePortOf } from '../node-port.ts';
import { dashboard } from './dashboard.ts';
import { CLIENT, DASHBOARDS, provisioning } from './provisioning.ts';

const NAME = 'grafana';
const PORT = 3000;
const metadata = { name: NAME, namespace: NAME };
const labels = { 'app.kubernetes.io/name': NAME };
const DATA = '/var/lib/grafana';
const SERVING = '/etc/grafana/serving';
const ADMIN = '/etc/grafana/admin';
/** The image's own user. */
const USER = 472;

/** Grafana: one that shows what Prometheus has seen. */
export const grafana: Component = {
  name: NAME,
  check: (cluster) => checkNodePort(cluster, NAME),
  addon(cluster) {
    if (cluster.options.grafana === undefined) return undefined;
    const sees = cluster.options.prometheus !== undefined;
    const files = { ...provisioning(sees), 'cluster.json': dashboard(cluster) };
    const claim = storageClaim(cluster, cluster.options.grafana.storage, '1Gi');
    return {
      name: NAME,
      order: 61,
      images: [image(cluster)],
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: NAME, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
        } satisfies INamespace,
        ...secrets(sees),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: files } satisfies IConfigMap,
        ...(claim === undefined
          ? []
          : [
              {
                apiVersion: 'v1',
                kind: 'PersistentVolumeClaim',
                metadata,
                spec: claim,
              } satisfies IPersistentVolumeClaim,
            ]),
        deployment(cluster, files, { sees, claimed: claim !== undefined }),
        service(cluster),
      ],
    };
  },
};

function image(cluster: Cluster): string {
  return pinnedImage(cluster, `docker.io/grafana/grafana:${cluster.versions.grafana}`);
}

function secrets(sees: boolean): KubernetesObject[] {
  const secret = (name: string, type: string, data: Readonly<Record<string, string>>): KubernetesObject =>
    ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAME },
      type,
      data: { ...data },
    }) satisfies ISecret;
  const pair = (id: string): Record<string, string> => ({
    'tls.crt': hole(id, 'cert.b64'),
    'tls.key': hole(id, 'key.b64'),
  });
  return [
    secret('admin', 'Opaque', { password: hole(NAME, 'admin-password.b64') }),
    secret('serving', 'kubernetes.io/tls', pair(NAME)),
    ...(sees
      ? [
          secret('client', 'kubernetes.io/tls', {
            'ca.crt': hole('cluster-ca', 'bundle.b64'),
            ...pair('grafana-client'),
          }),
        ]
      : []),
  ];
}

/** Its settings, as variables (grafana.com, "Configure Grafana", "Override configuration with environment variables"). */
function settings({ endpoint }: Cluster, nodePort: number | undefined): Record<string, string> {
  return {
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${ADMIN}/password`,
    GF_SERVER_PROTOCOL: 'https',
    GF_SERVER_CERT_FILE: `${SERVING}/tls.crt`,
    GF_SERVER_CERT_KEY: `${SERVING}/tls.key`,
    GF_SERVER_ROOT_URL: `https://${hostPort(endpoint.external.host, nodePort ?? PORT)}/`,
    GF_SECURITY_COOKIE_SECURE: 'true',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    // What asks the internet, which a cluster may not reach.
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
  };
}

function deployment(
  cluster: Cluster,
  files: Readonly<Record<string, string>>,
  { sees, claimed }: { readonly sees: boolean; readonly claimed: boolean },
): KubernetesObject {
  const probe = { httpGet: { path: '/api/health', port: PORT, scheme: 'HTTPS' } } as const;
  const mounted = (name: string, mountPath: string) => ({ name, mountPath, readOnly: true });
  const item = (key: string) => ({ key, path: key });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: {
      replicas: 1,
      // Two of them at once would write into one database.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: configAnnotation(files) },
        spec: {
          automountServiceAccountToken: false,
          securityContext: ownUser(USER),
          containers: [
            {
              name: NAME,
              image: image(cluster),
              imagePullPolicy: 'IfNotPresent',
              env: Object.entries(settings(cluster, nodePortOf(cluster, NAME))).map(([name, value]) => ({
                name,
                value,
              })),
              ports: [{ name: 'https', containerPort: PORT }],
              startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
              livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
              readinessProbe: { ...probe, periodSeconds: 5 },
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              securityContext: CONFINED,
              volumeMounts: [
                { name: 'data', mountPath: DATA },
                { name: 'tmp', mountPath: '/tmp' },
                mounted('datasources', '/etc/grafana/provisioning/datasources'),
                mounted('providers', '/etc/grafana/provisioning/dashboards'),
                mounted('dashboards', DASHBOARDS),
                mounted('admin', ADMIN),
                mounted('serving', SERVING),
                ...(sees ? [mounted('client', CLIENT)] : []),
              ],
            },
          ],
          volumes: [
            claimed ? { name: 'data', persistentVolumeClaim: { claimName: NAME } } : { name: 'data', emptyDir: {} },
            { name: 'tmp', emptyDir: {} },
            { name: 'datasources', configMap: { name: NAME, items: [item('datasources.yaml')] } },
            { name: 'providers', configMap: { name: NAME, items: [item('dashboards.yaml')] } },
            { name: 'dashboards', configMap: { name: NAME, items: [item('cluster.json')] } },
            ...['admin', 'serving', ...(sees ? ['client'] : [])].map((name) => ({
              name,
              secret: { secretName: name, defaultMode: 0o440 },
            })),
          ],
        },
      },
    },
  } satisfies IDeployment;
}

function service(cluster: Cluster): KubernetesObject {
  const port = { name: 'https', port: 443, targetPort: 'https', nodePort: nodePortOf(cluster, NAME) ?? 0 };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, labels },
    spec: { type: 'NodePort', selector: labels, ports: [port] },
  } satisfies IService;
}
