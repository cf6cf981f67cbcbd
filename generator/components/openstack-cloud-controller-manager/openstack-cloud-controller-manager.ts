import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { isControlPlane, pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import {
  apiEndpointVariables,
  clusterLoopback,
  controlPlaneSelector,
  nodeFilesAccess,
  TOLERATE_EVERYTHING,
  CONFINED,
} from '../addon-pods.ts';
import { hostVolumeMounts, hostVolumes, hostFiles } from '../host-paths.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { CLOUD_CA, cloudConf } from './cloud-conf.ts';
import { roles } from './roles.ts';

const NAME = 'openstack-cloud-controller-manager';
const ACCOUNT = { name: 'cloud-controller-manager', namespace: 'kube-system' };
const CLOUD_CONF = '/etc/kubernetes/cloud.conf';
const PORT = 10_258;
const labels = { 'k8s-app': NAME };
const RESTARTS = [{ kind: 'container', name: NAME }] as const;

/**
 * The OpenStack cloud controller as upstream's manifests/controller-manager have it, but for its credential: that lies
 * in a file of the node and never in the API, from which anybody with the right to read secrets could take it.
 */
export const openstackCloudControllerManager: Component = {
  name: NAME,
  plan(cluster, node) {
    if (cluster.openstack === undefined || !isControlPlane(node)) return [];
    const ca = cluster.options[NAME]?.ca;
    return [
      {
        kind: 'file',
        path: CLOUD_CONF,
        mode: 0o600,
        content: cloudConf(cluster, cluster.openstack),
        restarts: RESTARTS,
      },
      ...(ca === undefined
        ? []
        : [{ kind: 'file', path: CLOUD_CA, mode: 0o644, content: `${ca.trimEnd()}\n`, restarts: RESTARTS } as const]),
      { kind: 'port', protocol: 'tcp', port: PORT, purpose: 'cloud controller health', from: 'loopback' },
    ];
  },
  addon(cluster) {
    if (cluster.openstack === undefined) return undefined;
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: ACCOUNT } satisfies IServiceAccount;
    return {
      name: NAME,
      order: 40,
      images: [image(cluster)],
      objects: [account, ...roles(ACCOUNT), daemonSet(cluster)],
    };
  },
};

/** Flags of k8s.io/cloud-provider's options. flannel routes pods' addresses, so that the cloud's router need not. */
export function cloudControllerArguments(cluster: Cluster): string[] {
  return [
    '--cloud-provider=openstack',
    `--cloud-config=${CLOUD_CONF}`,
    `--cluster-name=${cluster.name}`,
    '--use-service-account-credentials=false',
    '--configure-cloud-routes=false',
    `--bind-address=${clusterLoopback(cluster)}`,
    `--secure-port=${String(PORT)}`,
    // It would listen for webhooks on every address, though it has none (k8s.io/cloud-provider, options/webhook.go).
    '--webhook-secure-port=0',
    '--v=1',
  ];
}

function image(cluster: Cluster): string {
  const version = cluster.versions.cloudControllerManager;
  return pinnedImage(cluster, `registry.k8s.io/provider-os/${NAME}:v${version}`);
}

function daemonSet(cluster: Cluster): KubernetesObject {
  const paths = hostFiles(CLOUD_CONF, ...(cluster.options[NAME]?.ca === undefined ? [] : [CLOUD_CA]));
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          dnsPolicy: 'Default',
          priorityClassName: 'system-cluster-critical',
          nodeSelector: controlPlaneSelector(cluster),
          tolerations: TOLERATE_EVERYTHING,
          serviceAccountName: ACCOUNT.name,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' }, ...nodeFilesAccess(cluster) },
          containers: [
            {
              name: NAME,
              image: image(cluster),
              imagePullPolicy: 'IfNotPresent',
              command: [`/bin/${NAME}`],
              args: cloudControllerArguments(cluster),
              env: apiEndpointVariables(cluster),
              livenessProbe: {
                httpGet: { host: clusterLoopback(cluster), path: '/healthz', port: PORT, scheme: 'HTTPS' },
                initialDelaySeconds: 15,
                timeoutSeconds: 15,
                periodSeconds: 10,
                failureThreshold: 8,
              },
              resources: { requests: { cpu: '200m' } },
              // Root, as cloud.conf is root's alone, and nothing of what root may.
              securityContext: { runAsUser: 0, ...CONFINED },
              volumeMounts: hostVolumeMounts(paths),
            },
          ],
          volumes: hostVolumes(paths),
        },
      },
    },
  } satisfies IDaemonSet;
}
