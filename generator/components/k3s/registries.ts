import { sortedBy } from '../../base/order.ts';
import { toYaml } from '../../base/yaml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { FileItem } from '../../nodeplan/items.ts';

const FILE = '/etc/rancher/k3s/registries.yaml';
const CAS = '/etc/rancher/k3s/registries';

/** registries.yaml (docs.k3s.io, "Private Registry Configuration") and the CAs that it names: k3s makes containerd's files of it. */
export function registryFiles(cluster: Cluster): FileItem[] {
  if (cluster.mirrors.length === 0) return [];
  const mirrors = cluster.mirrors.map(({ registry, endpoints }) => [registry, { endpoint: endpoints }] as const);
  const trusted = cluster.mirrors.flatMap(({ endpoints, ca }) =>
    ca === undefined ? [] : endpoints.map((endpoint) => ({ host: new URL(endpoint).host, ca })),
  );
  const cas = new Map(trusted.map(({ host, ca }) => [host, ca]));
  const configs = [...cas.keys()].map((host) => [host, { tls: { ca_file: caFile(host) } }] as const);
  const content = toYaml({
    mirrors: Object.fromEntries(sortedBy(mirrors, ([name]) => name)),
    ...(cas.size === 0 ? {} : { configs: Object.fromEntries(sortedBy(configs, ([name]) => name)) }),
  });
  return [
    { kind: 'file', path: FILE, mode: 0o600, content },
    ...[...cas].map(([host, ca]): FileItem => ({ kind: 'file', path: caFile(host), mode: 0o644, content: ca })),
  ];
}

/** Of one host and port; a colon means nothing to a file's name. */
function caFile(host: string): string {
  return `${CAS}/${host.replace(/[[\]]/g, '').replaceAll(':', '-')}.pem`;
}
