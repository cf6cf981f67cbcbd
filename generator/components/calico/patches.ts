import type { Cluster } from '../../cluster/cluster.ts';
import { apiEndpointVariables, configAnnotation, kubeProxyMode } from '../addon-pods.ts';
import type { KubernetesObject } from '../component.ts';
import { NAMESPACE } from './written.ts';

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** What upstream's manifest cannot know: networks, encapsulation, MTU, families, the firewall, the API's endpoint. */
export function patchesOf(cluster: Cluster): KubernetesObject[] {
  const data = configData(cluster);
  return [
    ...(Object.keys(data).length === 0 ? [] : [patch('v1', 'ConfigMap', 'calico-config', { data })]),
    patch('apps/v1', 'DaemonSet', 'calico-node', {
      spec: {
        template: {
          metadata: { annotations: configAnnotation(data) },
          spec: { containers: [{ name: 'calico-node', env: nodeVariables(cluster) }] },
        },
      },
    }),
    patch('apps/v1', 'Deployment', 'calico-kube-controllers', {
      spec: {
        template: { spec: { containers: [{ name: 'calico-kube-controllers', env: apiEndpointVariables(cluster) }] } },
      },
    }),
  ];
}

function patch(apiVersion: string, kind: string, name: string, rest: Record<string, unknown>): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...rest };
}

/** docs.tigera.io, "Configuring calico/node" (the start-up's own code: node/pkg/lifecycle/startup) and Felix's configuration. */
function nodeVariables(cluster: Cluster): Variable[] {
  const of = (family: 'ipv4' | 'ipv6'): string | undefined =>
    cluster.network.pods.find((network) => network.family === family)?.text;
  const [ipv4, ipv6] = [of('ipv4'), of('ipv6')];
  const vxlan = (cluster.options.calico?.encapsulation ?? 'vxlan') === 'vxlan' ? 'Always' : 'Never';
  const variable = (name: string, value: string): Variable => ({ name, value });
  return [
    // The node's own address, not that of the first interface that is found.
    variable('IP', ipv4 === undefined ? 'none' : 'autodetect'),
    variable('IP_AUTODETECTION_METHOD', 'kubernetes-internal-ip'),
    ...(ipv4 === undefined ? [] : [variable('CALICO_IPV4POOL_CIDR', ipv4)]),
    variable('CALICO_IPV4POOL_IPIP', 'Never'),
    variable('CALICO_IPV4POOL_VXLAN', vxlan),
    variable('CALICO_IPV6POOL_VXLAN', vxlan),
    ...(ipv6 === undefined
      ? []
      : [
          variable('IP6', 'autodetect'),
          variable('IP6_AUTODETECTION_METHOD', 'kubernetes-internal-ip'),
          variable('CALICO_IPV6POOL_CIDR', ipv6),
          variable('CALICO_IPV6POOL_NAT_OUTGOING', 'true'),
          variable('FELIX_IPV6SUPPORT', 'true'),
        ]),
    // BGP's router has a number of 32 bits, which is the IPv4 address where there is one.
    ...(ipv4 === undefined ? [variable('CALICO_ROUTER_ID', 'hash')] : []),
    // One firewall for both: rules of kube-proxy and of Calico see each other's marks.
    variable('FELIX_NFTABLESMODE', kubeProxyMode(cluster) === 'nftables' ? 'Enabled' : 'Disabled'),
  ];
}

/** The ConfigMap that upstream's pods read; only what differs. */
function configData(cluster: Cluster): Record<string, string> {
  const mtu = cluster.options.calico?.mtu;
  const families = cluster.network.pods.map(({ family }) => family);
  return {
    ...(mtu === undefined ? {} : { veth_mtu: String(mtu) }),
    ...(families.includes('ipv6') ? { cni_network_config: cniConfiguration(families.includes('ipv4')) } : {}),
  };
}

/** Upstream's own, with both families in its IPAM; what is in underscores is filled by Calico's installer. */
function cniConfiguration(ipv4: boolean): string {
  const text = JSON.stringify(
    {
      name: 'k8s-pod-network',
      cniVersion: '0.3.1',
      plugins: [
        {
          type: 'calico',
          log_level: 'info',
          log_file_path: '/var/log/calico/cni/cni.log',
          datastore_type: 'kubernetes',
          nodename: '__KUBERNETES_NODE_NAME__',
          mtu: '__CNI_MTU__',
          ipam: { type: 'calico-ipam', assign_ipv4: String(ipv4), assign_ipv6: 'true' },
          policy: { type: 'k8s' },
          kubernetes: { kubeconfig: '__KUBECONFIG_FILEPATH__' },
        },
        { type: 'portmap', snat: true, capabilities: { portMappings: true } },
      ],
    },
    undefined,
    2,
  );
  // A number, once it is filled.
  return text.replace('"__CNI_MTU__"', '__CNI_MTU__');
}
