import type { IVolume } from 'kubernetes-models/v1/Volume';
import type { IVolumeMount } from 'kubernetes-models/v1/VolumeMount';

/** A path of the node inside the container, read-only unless said otherwise. */
export interface HostPath {
  readonly path: string;
  /** File and Directory must be there already. Static pods take no others: what the kubelet made would hide what is missing. */
  readonly type: 'File' | 'Directory' | 'FileOrCreate' | 'DirectoryOrCreate';
  readonly writable?: boolean;
}

/**
 * Of a pod on a node where SELinux enforces its policy: spc_t is the type of containers that may use files of the node, as
 * far as their user may (container-selinux; kubernetes/kops#15487 does the same). Elsewhere containerd takes no notice.
 */
export const SEES_NODE_FILES = { seLinuxOptions: { type: 'spc_t' } } as const;

/** Files of the node, each mounted alone: a program sees the keys that are its own and no others. */
export function hostFiles(...paths: readonly string[]): HostPath[] {
  return paths.map((path) => ({ path, type: 'File' }));
}

/** A certificate and its key. */
export function keyPairFiles(base: string): HostPath[] {
  return hostFiles(`${base}.crt`, `${base}.key`);
}

/** A volume for each path, named after it. */
export function hostVolumes(paths: readonly HostPath[]): IVolume[] {
  return paths.map(({ path, type }) => ({ name: volumeName(path), hostPath: { path, type } }));
}

/** Where a container sees them: at the same paths as the node. */
export function hostVolumeMounts(paths: readonly HostPath[]): IVolumeMount[] {
  return paths.map(({ path, writable }) => ({
    name: volumeName(path),
    mountPath: path,
    readOnly: writable !== true,
  }));
}

/** A volume's name, a DNS label, for a path. */
export function volumeName(path: string): string {
  return path
    .slice(1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}
