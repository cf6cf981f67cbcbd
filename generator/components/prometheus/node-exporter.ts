import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { hostPort } from '../../base/networks.ts';
import { pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { CONFINED, nodeFilesAccess, ROLL_OUT, TOLERATE_EVERYTHING } from '../addon-pods.ts';
import type { KubernetesObject } from '../component.ts';

/** Where it shows its metrics, over plain HTTP, as every node_exporter does. */
export const EXPORTER_PORT = 9100;
const NAME = 'node-exporter';
const labels = { 'app.kubernetes.io/name': NAME };

/** The image, pinned where it is. */
export function exporterImage(cluster: Cluster): string {
  return pinnedImage(cluster, `docker.io/prom/node-exporter:v${cluster.versions.nodeExporter}`);
}

/** node_exporter on every node, as its README runs it in a container: the node's namespaces, its root read-only, no rights. */
export function exporterObjects(cluster: Cluster, namespace: string): KubernetesObject[] {
  const any = cluster.network.nodes.some(({ family }) => family === 'ipv6') ? '::' : '0.0.0.0';
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: NAME, namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: ROLL_OUT,
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            hostPID: true,
            automountServiceAccountToken: false,
            tolerations: TOLERATE_EVERYTHING,
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            securityContext: {
              runAsUser: 65_534,
              runAsNonRoot: true,
              seccompProfile: { type: 'RuntimeDefault' },
              ...nodeFilesAccess(cluster),
            },
            containers: [
              {
                name: NAME,
                image: exporterImage(cluster),
                imagePullPolicy: 'IfNotPresent',
                args: [
                  `--web.listen-address=${hostPort(any, EXPORTER_PORT)}`,
                  '--path.rootfs=/host',
                  '--collector.filesystem.mount-points-exclude=^/(dev|proc|run/k3s/containerd/.+|run/containerd/.+|sys|var/lib/kubelet/.+)($|/)',
                ],
                ports: [{ name: 'metrics', containerPort: EXPORTER_PORT }],
                resources: { requests: { cpu: '20m', memory: '30Mi' }, limits: { memory: '180Mi' } },
                securityContext: CONFINED,
                volumeMounts: [
                  { name: 'root', mountPath: '/host', readOnly: true, mountPropagation: 'HostToContainer' },
                ],
              },
            ],
            volumes: [{ name: 'root', hostPath: { path: '/' } }],
          },
        },
      },
    } satisfies IDaemonSet,
  ];
}
