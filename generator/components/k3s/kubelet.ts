import { merge } from '../../blueprint/merge.ts';
import { toYaml } from '../../base/yaml.ts';
import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { apiVersionOf } from '../../cluster/lives.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

/**
 * The kubelet's fields that k3s leaves to others, as a drop-in after its own 00-k3s-defaults.conf (docs.k3s.io, "Kubelet
 * configuration"). Addresses, certificates and the runtime are k3s' own business.
 */
export function kubeletDropIn(cluster: Cluster, node: ClusterNode): string {
  const { maxPods = 110, systemReserved = {}, configuration = {} } = node.options.kubelet ?? {};
  const own = {
    apiVersion: apiVersionOf(cluster.versions, 'KubeletConfiguration'),
    kind: 'KubeletConfiguration',
    // Signals that are left out here would be zero, which is "never evict".
    evictionHard: {
      'imagefs.available': '15%',
      'imagefs.inodesFree': '5%',
      'memory.available': '100Mi',
      'nodefs.available': '10%',
      'nodefs.inodesFree': '5%',
    },
    maxParallelImagePulls: 4,
    maxPods,
    seccompDefault: true,
    serializeImagePulls: false,
    shutdownGracePeriod: '60s',
    shutdownGracePeriodCriticalPods: '20s',
    systemReserved: { cpu: '100m', memory: '256Mi', ...systemReserved },
    tlsCipherSuites: TLS_CIPHER_SUITES,
    tlsMinVersion: TLS_MIN_VERSION,
  };
  return toYaml(merge(own, configuration));
}
