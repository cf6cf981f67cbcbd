import { canonicalJson } from '../../base/digests.ts';
import { toYaml } from '../../base/yaml.ts';
import { isControlPlane, pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import type { FileItem } from '../../nodeplan/items.ts';
import { SEES_NODE_FILES } from '../host-paths.ts';
import type { KubeadmPart } from '../kubeadm-parts.ts';
import type { Configuration } from '../settings.ts';
import { PATCHES } from './documents.ts';

/**
 * What kubeadm changes on this node in what it writes: the kubelet's configuration where it differs from the cluster's, and
 * static pods (v1beta4, Patches). They hold at every `kubeadm upgrade`, too.
 */
export function patchFiles(
  cluster: Cluster,
  node: ClusterNode,
  parts: readonly KubeadmPart[],
  common: Configuration,
): FileItem[] {
  const own = parts.flatMap((part) => (part.kind === 'kubelet' ? [part.configuration] : []))[0] ?? {};
  const pods = isControlPlane(node) ? podPatches(cluster, node, parts) : [];
  return [
    file('kubeletconfiguration+merge', {
      ...differing(common, own),
      // kubeadm says true whatever it is told (cmd/kubeadm/app/componentconfigs/kubelet.go).
      rotateCertificates: own['rotateCertificates'],
    }),
    ...pods.map(({ name, patch }) => file(`${name}+strategic`, patch)),
  ];
}

function file(name: string, content: unknown): FileItem {
  return { kind: 'file', path: `${PATCHES}/${name}.yaml`, mode: 0o644, content: toYaml(content) };
}

/** kubeadm's pods see all of /etc/kubernetes/pki, and know neither pinned images nor SELinux. */
function podPatches(
  cluster: Cluster,
  node: ClusterNode,
  parts: readonly KubeadmPart[],
): { name: string; patch: Configuration }[] {
  return parts.flatMap((part) => {
    if (part.kind !== 'program') return [];
    const reference = `registry.k8s.io/${part.name}:v${cluster.versions.kubernetes}`;
    const image = pinnedImage(cluster, reference);
    const spec = {
      ...(enforcesSelinux(node) ? { securityContext: SEES_NODE_FILES } : {}),
      ...(image === reference ? {} : { containers: [{ name: part.name, image }] }),
    };
    return Object.keys(spec).length === 0 ? [] : [{ name: part.name, patch: { spec } }];
  });
}

/** A JSON merge patch (RFC 7396) that makes one configuration of the other. */
function differing(from: Configuration, to: Configuration): Configuration {
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  const changed = Object.entries(to).flatMap(([key, value]): [string, unknown][] => {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (before === undefined) return [[key, value]];
    if (canonicalJson(before) === canonicalJson(value)) return [];
    return [[key, isMap(before) && isMap(value) ? differing(before, value) : value]];
  });
  return Object.fromEntries([...gone.map((key) => [key, null] as const), ...changed]);
}

function isMap(value: unknown): value is Configuration {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
