import type { Cluster } from '../../cluster/cluster.ts';
import { glusterVolume } from '../../cluster/glusterfs.ts';
import type { Addon, KubernetesObject } from '../component.ts';

/** Where every worker has the volume. */
export const MOUNT = '/mnt/gluster';
const CLASS = 'glusterfs';

/**
 * The volume for pods: local PersistentVolumes, each a folder that every worker has. Kubernetes' own driver for GlusterFS left
 * in 1.26 (kubernetes/kubernetes#112015), and a local volume asks for no other.
 */
export function persistentVolumes(cluster: Cluster): Addon | undefined {
  const volume = glusterVolume(cluster);
  const { persistentVolumes: wanted = [] } = cluster.options.glusterfs ?? {};
  if (volume === undefined || volume.clients.length === 0 || wanted.length === 0) return undefined;
  const hosts = volume.clients.map(({ name }) => name);
  return {
    name: CLASS,
    order: 60,
    images: [],
    objects: [storageClass(), ...wanted.map(({ name, size }) => persistentVolume(name, size, hosts))],
  };
}

function storageClass(): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: CLASS },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}

function persistentVolume(name: string, size: string, hosts: readonly string[]): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: size },
      accessModes: ['ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: CLASS,
      volumeMode: 'Filesystem',
      local: { path: `${MOUNT}/${name}` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: hosts }] }],
        },
      },
    },
  };
}
