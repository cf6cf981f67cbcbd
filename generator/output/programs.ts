import type { Cluster } from '../cluster/cluster.ts';
import { k3sRelease } from '../cluster/k3s.ts';

/** The programs that people ask the version of, and their versions. */
export function programsOf(cluster: Cluster): { program: string; version: string }[] {
  const { versions, openstack } = cluster;
  return [
    { program: 'Kubernetes', version: versions.kubernetes },
    ...(cluster.controlPlane.runs === 'k3s' ? [{ program: 'k3s', version: k3sRelease(cluster) }] : ownPrograms(cluster)),
    ...(openstack === undefined
      ? []
      : [{ program: 'OpenStack cloud controller', version: versions.cloudControllerManager }]),
  ];
}

/** Programs that k3s brings within itself, and the pod network. */
function ownPrograms({ versions, network }: Cluster): { program: string; version: string }[] {
  return [
    { program: 'etcd', version: versions.etcd },
    { program: 'containerd', version: versions.containerd },
    { program: 'runc', version: versions.runc },
    { program: 'CNI plugins', version: versions.cniPlugins },
    { program: 'CoreDNS', version: versions.coredns },
    ...(network.plugin === 'flannel' ? [{ program: 'flannel', version: versions.flannel }] : []),
    ...(network.plugin === 'calico' ? [{ program: 'Calico', version: versions.calico }] : []),
    ...(network.plugin === 'cilium' ? [{ program: 'Cilium', version: versions.cilium }] : []),
  ];
}
