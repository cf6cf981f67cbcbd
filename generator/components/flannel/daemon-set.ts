import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IEnvVar } from 'kubernetes-models/v1/EnvVar';
import type { Cluster } from '../../cluster/cluster.ts';
import {
  apiEndpointVariables,
  clusterLoopback,
  configAnnotation,
  kubeProxyMode,
  nodeFilesAccess,
  ROLL_OUT,
  TOLERATE_EVERYTHING,
} from '../addon-pods.ts';
import { hostVolumeMounts, hostVolumes, type HostPath } from '../host-paths.ts';
import type { KubernetesObject } from '../component.ts';
import { CNI_BIN } from '../node-paths.ts';
import { labels, NAME, NAMESPACE } from './identity.ts';

/** The ConfigMap that is mounted. */
export const CONFIG = 'kube-flannel-cfg';
/** On loopback. */
export const HEALTH_PORT = 8081;
const CONFIG_FOLDER = '/etc/kube-flannel';
const CNI_CONFIG = '/etc/cni/net.d';

/** The images of the daemon and of its CNI plugin. */
export interface FlannelImages {
  readonly daemon: string;
  readonly plugin: string;
}

/** The daemon on every node; `files` is what its ConfigMap holds. */
export function daemonSet(
  cluster: Cluster,
  { daemon, plugin }: FlannelImages,
  files: Record<string, string>,
): KubernetesObject {
  const config = { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true };
  const paths = daemonPaths(cluster);
  const installed: HostPath[] = [
    { path: CNI_BIN, type: 'DirectoryOrCreate', writable: true },
    { path: CNI_CONFIG, type: 'DirectoryOrCreate', writable: true },
  ];
  const [binaries, configs] = hostVolumeMounts(installed);
  const health = { host: clusterLoopback(cluster), port: HEALTH_PORT };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: { app: NAME } },
      updateStrategy: ROLL_OUT,
      template: {
        metadata: { labels, annotations: configAnnotation(files) },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: TOLERATE_EVERYTHING,
          serviceAccountName: NAME,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' }, ...nodeFilesAccess(cluster) },
          initContainers: [
            {
              name: 'install-cni-plugin',
              image: plugin,
              imagePullPolicy: 'IfNotPresent',
              command: ['cp'],
              args: ['-f', '/flannel', `${CNI_BIN}/flannel`],
              volumeMounts: binaries === undefined ? [] : [binaries],
            },
            {
              name: 'install-cni',
              image: daemon,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/bin/install-conf'],
              args: [`${CONFIG_FOLDER}/cni-conf.json`, `${CNI_CONFIG}/10-flannel.conflist`],
              volumeMounts: configs === undefined ? [config] : [configs, config],
            },
          ],
          containers: [
            {
              name: 'kube-flannel',
              image: daemon,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/bin/flanneld'],
              args: flannelArguments(cluster),
              env: variables(cluster),
              livenessProbe: { httpGet: { path: '/healthz', ...health }, initialDelaySeconds: 10, periodSeconds: 30 },
              readinessProbe: { httpGet: { path: '/readyz', ...health }, initialDelaySeconds: 5, periodSeconds: 10 },
              resources: { requests: { cpu: '100m', memory: '50Mi' } },
              securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
              volumeMounts: [config, ...hostVolumeMounts(paths)],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: CONFIG } }, ...hostVolumes([...installed, ...paths])],
        },
      },
    },
  } satisfies IDaemonSet;
}

/** Its health is told on loopback alone, and the interface is that of the node's own address, not of the default route. */
function flannelArguments(cluster: Cluster): string[] {
  const [primary, secondary] = cluster.network.nodes;
  // flannel looks an interface up by an IPv6 address only where there is no IPv4 (pkg/ipmatch/match.go).
  const byAddress = primary.family === 'ipv4' || secondary === undefined;
  return [
    '--ip-masq',
    '--kube-subnet-mgr',
    ...(byAddress ? ['--iface=$(NODE_IP)'] : []),
    `--healthz-ip=${clusterLoopback(cluster)}`,
    `--healthz-port=${String(HEALTH_PORT)}`,
  ];
}

function variables(cluster: Cluster): IEnvVar[] {
  return [
    { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'NODE_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
    ...apiEndpointVariables(cluster),
    { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
    { name: 'CONT_WHEN_CACHE_NOT_READY', value: 'false' },
  ];
}

function daemonPaths(cluster: Cluster): HostPath[] {
  const run: HostPath = { path: '/run/flannel', type: 'DirectoryOrCreate', writable: true };
  if (kubeProxyMode(cluster) === 'nftables') return [run];
  return [run, { path: '/run/xtables.lock', type: 'FileOrCreate', writable: true }];
}
