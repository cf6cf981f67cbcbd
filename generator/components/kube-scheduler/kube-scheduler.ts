import { loopbackOf, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { Component } from '../component.ts';
import { withExtraArguments } from '../extra-arguments.ts';
import { kubeconfigPath } from '../identity-files.ts';
import { leadingProgram } from '../leading-program.ts';
import { CLUSTER_CA, FRONT_PROXY_CA } from '../node-paths.ts';
import type { Owned } from '../settings.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

const NAME = 'kube-scheduler';
const PORT = 10_259;
const KUBECONFIG = kubeconfigPath('scheduler');
/** Flags that a blueprint does not set; no key changes them. */
const OWNED: Owned = {
  'authentication-kubeconfig': '',
  'authorization-kubeconfig': '',
  'bind-address': '',
  'client-ca-file': '',
  // The server would read nothing of what the flags say.
  config: '',
  kubeconfig: '',
  'leader-elect': '',
  master: '',
  'requestheader-client-ca-file': '',
  'secure-port': '',
};

/** The scheduler. */
export const kubeScheduler: Component = leadingProgram({
  name: NAME,
  identity: 'scheduler',
  description: 'Kubernetes scheduler',
  port: PORT,
  owned: OWNED,
  arguments: schedulerArguments,
  health: { liveness: '/livez', readiness: '/readyz' },
  cpu: '100m',
});

/** kube-scheduler’s arguments; the names are held against the flags of the real binary. */
export function schedulerArguments(cluster: Cluster, node: ClusterNode): string[] {
  const own = [
    `--authentication-kubeconfig=${KUBECONFIG}`,
    `--authorization-kubeconfig=${KUBECONFIG}`,
    `--bind-address=${loopbackOf(node)}`,
    `--client-ca-file=${CLUSTER_CA}`,
    `--kubeconfig=${KUBECONFIG}`,
    '--leader-elect=true',
    '--profiling=false',
    `--requestheader-client-ca-file=${FRONT_PROXY_CA}`,
    `--secure-port=${String(PORT)}`,
    `--tls-cipher-suites=${TLS_CIPHER_SUITES.join(',')}`,
    `--tls-min-version=${TLS_MIN_VERSION}`,
  ];
  return withExtraArguments(own, cluster.options[NAME]?.extraArguments);
}
