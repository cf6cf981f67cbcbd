import type { Cluster } from '../cluster/cluster.ts';

/** The programs that people ask the version of, and their versions. */
export function programsOf({ versions, network, openstack }: Cluster): { program: string; version: string }[] {
  return [
    { program: 'Kubernetes', version: versions.kubernetes },
    { program: 'etcd', version: versions.etcd },
    { program: 'containerd', version: versions.containerd },
    { program: 'runc', version: versions.runc },
    { program: 'CNI plugins', version: versions.cniPlugins },
    { program: 'CoreDNS', version: versions.coredns },
    ...(network.plugin === 'flannel' ? [{ program: 'flannel', version: versions.flannel }] : []),
    ...(network.plugin === 'calico' ? [{ program: 'Calico', version: versions.calico }] : []),
    ...(network.plugin === 'cilium' ? [{ program: 'Cilium', version: versions.cilium }] : []),
    ...(openstack === undefined
      ? []
      : [{ program: 'OpenStack cloud controller', version: versions.cloudControllerManager }]),
  ];
}
