import type { Cluster } from '../../cluster/cluster.ts';
import { ipvsIsDeprecated } from '../../cluster/versions.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { kubeProxyMode } from '../addon-pods.ts';
import { checkConfiguration, type Configuration, type Owned } from '../settings.ts';

/** Fields of KubeProxyConfiguration that a blueprint does not set, and the key that it sets in their place. */
const OWNED: Owned = {
  bindAddress: 'network.nodes',
  'clientConnection.kubeconfig': '',
  clusterCIDR: 'network.pods',
  'conntrack.maxPerCore': 'components.kube-proxy.conntrackMaxPerCore',
  detectLocalMode: '',
  healthzBindAddress: '',
  hostnameOverride: '',
  metricsBindAddress: '',
  mode: 'components.kube-proxy.mode',
  winkernel: '',
  windowsRunAsService: '',
};

/** The sections of the configuration that each mode reads; ipvs masquerades by iptables. */
const SECTIONS = { nftables: ['nftables'], iptables: ['iptables'], ipvs: ['ipvs', 'iptables'] } as const;

/** What is wrong with kube-proxy's options; `written` is the whole configuration. */
export function checkOptions(cluster: Cluster, written: Configuration): Diagnostic[] {
  const { options, versions } = cluster;
  const { configuration = {} } = options['kube-proxy'] ?? {};
  const mode = kubeProxyMode(cluster);
  const path = ['components', 'kube-proxy', 'configuration'];
  const found = checkConfiguration(versions, 'KubeProxyConfiguration', configuration, { owned: OWNED, path, written });
  for (const section of ['nftables', 'iptables', 'ipvs']) {
    if (!Object.hasOwn(configuration, section) || SECTIONS[mode].some((name) => name === section)) continue;
    const text = `kube-proxy runs in the mode ${mode} and does not read ${section}`;
    found.push(diagnostic('settings/without-effect', text, [{ path: [...path, section], onKey: true }]));
  }
  if (mode === 'ipvs' && ipvsIsDeprecated(versions)) {
    const text = `kube-proxy's mode ipvs is deprecated in Kubernetes ${versions.minor}`;
    found.push(diagnostic('cluster/deprecated-ipvs', text, [at(['components', 'kube-proxy', 'mode'])]));
  }
  return found;
}
