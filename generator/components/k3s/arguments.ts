import { kubeProxyMode } from '../addon-pods.ts';
import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { withExtraArguments } from '../extra-arguments.ts';

/** Path of the AuthenticationConfiguration. */
export const AUTHENTICATION = '/etc/rancher/k3s/authentication.yaml';
/** Path of the audit policy. */
export const AUDIT_POLICY = '/etc/rancher/k3s/audit-policy.yaml';
/** Folder of the audit log. */
export const AUDIT_LOGS = '/var/log/kubernetes/audit';

/** What k3s gives the API server's list of plugins by itself (k3s, pkg/daemons/control/server.go); ours replaces it. */
const ADMISSION_PLUGINS = ['NodeRestriction'];

/**
 * `kube-apiserver-arg`: what k3s does not set by itself. With `authentication-config`, k3s leaves `anonymous-auth` out, which
 * it says to be false otherwise (k3s-io/k3s#12245): the health checks of balancers and VIPs are anonymous.
 */
export function apiServerArguments(cluster: Cluster): string[] {
  const { eventTtl = '1h', admissionPlugins = [], extraArguments } = cluster.options['kube-apiserver'] ?? {};
  const { audit } = cluster;
  const own = [
    `--authentication-config=${AUTHENTICATION}`,
    ...(audit.enabled
      ? [
          `--audit-log-maxage=${String(audit.maxAge)}`,
          `--audit-log-maxbackup=${String(audit.maxBackups)}`,
          `--audit-log-maxsize=${String(audit.maxSize)}`,
          `--audit-log-path=${AUDIT_LOGS}/audit.log`,
          `--audit-policy-file=${AUDIT_POLICY}`,
        ]
      : []),
    ...(admissionPlugins.length === 0
      ? []
      : [`--enable-admission-plugins=${[...ADMISSION_PLUGINS, ...admissionPlugins].join(',')}`]),
    `--event-ttl=${eventTtl}`,
    // Long-lived connections move now and then, so that a server that comes back gets its share again.
    ...(cluster.controlPlaneNodes.length > 1 ? ['--goaway-chance=0.001'] : []),
  ];
  return bare(withExtraArguments(own, extraArguments));
}

/** `etcd-arg`. */
export function etcdArguments(cluster: Cluster): string[] {
  const { heartbeatInterval, electionTimeout, quotaGiB = 8, extraArguments } = cluster.options.etcd ?? {};
  const own = [
    `--quota-backend-bytes=${String(quotaGiB * 1024 ** 3)}`,
    ...(heartbeatInterval === undefined ? [] : [`--heartbeat-interval=${String(heartbeatInterval)}`]),
    ...(electionTimeout === undefined ? [] : [`--election-timeout=${String(electionTimeout)}`]),
  ];
  return bare(withExtraArguments(own, extraArguments));
}

/** `kube-controller-manager-arg` and `kube-scheduler-arg`: what the blueprint adds. */
export function extraArguments(cluster: Cluster, program: 'kube-controller-manager' | 'kube-scheduler'): string[] {
  return bare(withExtraArguments([], cluster.options[program]?.extraArguments));
}

/** `kubelet-arg`: what has no field in KubeletConfiguration. */
export function kubeletArguments(cluster: Cluster, node: ClusterNode): string[] {
  // k3s says so by itself only where its own cloud controller runs (k3s, pkg/daemons/agent: DisableCCM).
  const own = cluster.openstack === undefined ? [] : ['--cloud-provider=external'];
  return bare(withExtraArguments(own, node.options.kubelet?.extraArguments));
}

/** `kube-proxy-arg`: the mode is k3s' own, iptables, unless the blueprint chooses one. */
export function kubeProxyArguments(cluster: Cluster): string[] {
  const { mode, conntrackMaxPerCore } = cluster.options['kube-proxy'] ?? {};
  return [
    ...(mode === undefined ? [] : [`proxy-mode=${kubeProxyMode(cluster)}`]),
    ...(conntrackMaxPerCore === undefined ? [] : [`conntrack-max-per-core=${String(conntrackMaxPerCore)}`]),
  ];
}

/** k3s' config.yaml has a program's flags without their dashes. */
function bare(flags: readonly string[]): string[] {
  return flags.map((flag) => flag.slice(2));
}
