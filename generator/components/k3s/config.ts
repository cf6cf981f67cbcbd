import { hostPort } from '../../base/networks.ts';
import { merge } from '../../blueprint/merge.ts';
import { toYaml } from '../../base/yaml.ts';
import { isControlPlane, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import { apiServerNames } from '../../secrets/names.ts';
import {
  apiServerArguments,
  etcdArguments,
  extraArguments,
  kubeletArguments,
  kubeProxyArguments,
} from './arguments.ts';
import { RESOLV_CONF, SEEDS, TOKEN } from './paths.ts';

type Values = Readonly<Record<string, unknown>>;

/** /etc/rancher/k3s/config.yaml of a node. */
export function configFile(cluster: Cluster, node: ClusterNode): string {
  return toYaml(isControlPlane(node) ? serverConfig(cluster, node) : agentConfig(cluster, node));
}

/** What a server is told: all of it in names of options of `k3s server` (docs.k3s.io, "server"). */
export function serverConfig(cluster: Cluster, node: ClusterNode): Values {
  const { network, openstack } = cluster;
  const texts = (networks: readonly { readonly text: string }[]): string[] => networks.map(({ text }) => text);
  const names = apiServerNames(cluster, node);
  const own = {
    ...common(cluster, node),
    'https-listen-port': cluster.controlPlane.port,
    'advertise-address': node.addresses[0].text,
    'tls-san': [...names.dnsNames, ...names.ipAddresses],
    'agent-token-file': `${SEEDS}/agent-token`,
    'cluster-cidr': texts(network.pods),
    'service-cidr': texts(network.services),
    'service-node-port-range': `${String(network.nodePorts.first)}-${String(network.nodePorts.last)}`,
    'cluster-dns': texts(network.dnsAddresses),
    'cluster-domain': network.dnsDomain,
    ...flannel(cluster),
    'write-kubeconfig-mode': '0600',
    ...(cluster.options.prometheus === undefined ? {} : { 'etcd-expose-metrics': true }),
    ...(cluster.encryptionAtRest.provider === 'none'
      ? {}
      : { 'secrets-encryption': true, 'secrets-encryption-provider': cluster.encryptionAtRest.provider }),
    // Its Service of type LoadBalancer is the cloud's business then.
    ...(openstack === undefined ? {} : { 'disable-cloud-controller': true }),
    ...lists({
      disable: disabled(cluster),
      'etcd-arg': etcdArguments(cluster),
      'kube-apiserver-arg': apiServerArguments(cluster),
      'kube-controller-manager-arg': extraArguments(cluster, 'kube-controller-manager'),
      'kube-scheduler-arg': extraArguments(cluster, 'kube-scheduler'),
    }),
  };
  const given: Values = { ...cluster.options.k3s?.agent, ...cluster.options.k3s?.server, disable: undefined };
  return merge(own, given) as Values;
}

/** What an agent is told. Every agent balances over all servers by itself once it has found one (docs.k3s.io, "Architecture"). */
export function agentConfig(cluster: Cluster, node: ClusterNode): Values {
  const own = { ...common(cluster, node), server: endpointUrl(cluster) };
  return merge(own, cluster.options.k3s?.agent) as Values;
}

/** The endpoint, by which agents and new servers find the cluster. */
export function endpointUrl(cluster: Cluster): string {
  const { host, port } = cluster.endpoint.internal;
  return `https://${hostPort(host, port)}`;
}

/** k3s' packaged components that are not deployed. */
export function disabled(cluster: Cluster): string[] {
  const given = (cluster.options.k3s?.server as Values | undefined)?.['disable'];
  const own = cluster.openstack === undefined ? [] : ['servicelb'];
  return [...new Set([...own, ...(Array.isArray(given) ? given.map(String) : [])])].sort();
}

function common(cluster: Cluster, node: ClusterNode): Values {
  const addresses = node.addresses.map(({ text }) => text);
  return {
    'node-name': node.name,
    'node-ip': addresses,
    'token-file': TOKEN,
    'resolv-conf': RESOLV_CONF,
    'protect-kernel-defaults': true,
    ...(enforcesSelinux(node) ? { selinux: true } : {}),
    ...(node.interface === undefined ? {} : { 'flannel-iface': node.interface }),
    ...(cluster.mirrors.some(({ onlyMirrors }) => onlyMirrors) ? { 'disable-default-registry-endpoint': true } : {}),
    ...lists({
      'node-label': Object.entries(node.labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort(),
      'node-taint': node.taints.map(({ key, value = '', effect }) => `${key}=${value}:${effect}`),
      'kubelet-arg': kubeletArguments(cluster, node),
      'kube-proxy-arg': kubeProxyArguments(cluster),
    }),
  };
}

/** Without a pod network of k3s' own, its network policies would find no bridge to filter. */
function flannel({ network, options }: Cluster): Values {
  if (network.plugin !== 'flannel') return { 'flannel-backend': 'none', 'disable-network-policy': true };
  return { 'flannel-backend': options.flannel?.backend ?? 'vxlan' };
}

/** A list without entries is left out: k3s would take it for one with an empty entry. */
function lists(values: Readonly<Record<string, readonly string[]>>): Values {
  return Object.fromEntries(Object.entries(values).filter(([, list]) => list.length > 0));
}
