import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { ITopologySpreadConstraint } from 'kubernetes-models/v1/TopologySpreadConstraint';
import { pinnedImage, type Cluster } from '../../cluster/cluster.ts';
import { TOLERATE_CONTROL_PLANE } from '../addon-pods.ts';
import type { Component, KubernetesObject } from '../component.ts';
import corefile from './Corefile.ejs';

const NAME = 'coredns';
const ROLE = 'system:coredns';
const metadata = { name: NAME, namespace: 'kube-system' };
/** What the whole field looks for, since the days of kube-dns. */
const labels = { 'k8s-app': 'kube-dns' };
const DNS_PORT = 53;
const METRICS_PORT = 9153;

/** CoreDNS as upstream's cluster/addons/dns and kubeadm have it, spread over nodes and zones. */
export const coredns: Component = {
  name: NAME,
  addon(cluster) {
    if (cluster.controlPlane.runs === 'k3s') return undefined;
    return {
      name: NAME,
      order: 50,
      images: [image(cluster)],
      objects: [
        ...identity(),
        configMap(cluster),
        deployment(cluster),
        ...(replicas(cluster) > 1 ? [disruptionBudget()] : []),
        service(cluster),
      ],
    };
  },
};

function image(cluster: Cluster): string {
  return pinnedImage(cluster, `registry.k8s.io/coredns/coredns:v${cluster.versions.coredns}`);
}

/** Nodes that take the pods: those without a taint that they do not tolerate. A cloud's own taint goes by itself. */
function nodeCount(cluster: Cluster): number {
  const tolerated = ['node-role.kubernetes.io/control-plane', 'node.cloudprovider.kubernetes.io/uninitialized'];
  const fits = cluster.nodes.filter((node) =>
    node.taints.every(({ key, effect }) => effect === 'PreferNoSchedule' || tolerated.includes(key)),
  );
  return Math.max(1, fits.length);
}

function replicas(cluster: Cluster): number {
  return cluster.options.coredns?.replicas ?? Math.min(2, nodeCount(cluster));
}

function identity(): KubernetesObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata } satisfies IServiceAccount,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: ROLE },
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    } satisfies IClusterRole,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: ROLE },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ROLE },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    } satisfies IClusterRoleBinding,
  ];
}

/** Changes of it need no new pods: CoreDNS reloads. */
function configMap(cluster: Cluster): KubernetesObject {
  const upstream = cluster.options.coredns?.upstream ?? ['/etc/resolv.conf'];
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { Corefile: corefile({ domain: cluster.network.dnsDomain, upstream }) },
  } satisfies IConfigMap;
}

function deployment(cluster: Cluster): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: {
      replicas: replicas(cluster),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: NAME,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: TOLERATE_CONTROL_PLANE,
          topologySpreadConstraints: spread(cluster),
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          // The resolvers of /etc/resolv.conf are the node's, and not CoreDNS itself.
          dnsPolicy: 'Default',
          containers: [container(cluster)],
          volumes: [{ name: 'config', configMap: { name: NAME, items: [{ key: 'Corefile', path: 'Corefile' }] } }],
        },
      },
    },
  } satisfies IDeployment;
}

/**
 * Never two on one node while the second node is still booting: with one eligible node alone, `minDomains` keeps the
 * second replica waiting, where a mere preference would put both on the first node that is up, and leave them there.
 */
function spread(cluster: Cluster): ITopologySpreadConstraint[] {
  const common = { maxSkew: 1, labelSelector: { matchLabels: labels }, matchLabelKeys: ['pod-template-hash'] };
  return [
    {
      ...common,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      minDomains: Math.min(2, nodeCount(cluster)),
      // A node that the pods cannot run on is none that could take one.
      nodeTaintsPolicy: 'Honor',
    },
    { ...common, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
  ];
}

function container(cluster: Cluster): IContainer {
  return {
    name: NAME,
    image: image(cluster),
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      { name: 'dns', containerPort: DNS_PORT, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: DNS_PORT, protocol: 'TCP' },
      { name: 'metrics', containerPort: METRICS_PORT, protocol: 'TCP' },
    ],
    livenessProbe: {
      httpGet: { path: '/health', port: 8080 },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
    resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '170Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  };
}

function disruptionBudget(): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  } satisfies IPodDisruptionBudget;
}

/** At the address that every kubelet tells its pods. */
function service(cluster: Cluster): KubernetesObject {
  const [first, ...others] = cluster.network.dnsAddresses;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: 'kube-system',
      labels: { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      annotations: { 'prometheus.io/port': String(METRICS_PORT), 'prometheus.io/scrape': 'true' },
    },
    spec: {
      selector: labels,
      clusterIP: first.text,
      clusterIPs: [first, ...others].map((address) => address.text),
      ipFamilies: cluster.network.dnsAddresses.map(({ family }) => (family === 'ipv4' ? 'IPv4' : 'IPv6')),
      ipFamilyPolicy: others.length > 0 ? 'RequireDualStack' : 'SingleStack',
      ports: [
        { name: 'dns', port: DNS_PORT, targetPort: DNS_PORT, protocol: 'UDP' },
        { name: 'dns-tcp', port: DNS_PORT, targetPort: DNS_PORT, protocol: 'TCP' },
        { name: 'metrics', port: METRICS_PORT, targetPort: METRICS_PORT, protocol: 'TCP' },
      ],
    },
  } satisfies IService;
}
