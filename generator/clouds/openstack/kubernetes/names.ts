/**
 * How Kubernetes' own programs call and mark what they make in a cloud. Source: cloud-provider-openstack 1.36,
 * pkg/openstack/loadbalancer.go (lbFormat, listenerFormat, poolFormat, the floating IP's description; a load balancer carries the name
 * of every Service on it as a tag), pkg/openstack/loadbalancer_sg.go, pkg/csi/cinder/controllerserver.go (cinderCSIClusterIDKey).
 */
export interface KubernetesNames {
  /** Of a Service of this cluster: a load balancer's name or its tag. */
  readonly isService: (name: string) => boolean;
  readonly isListener: (name: string) => boolean;
  readonly isPool: (name: string) => boolean;
  readonly isFloatingIp: (description: string) => boolean;
  readonly isSecurityGroup: (group: { readonly name: string; readonly description: string }) => boolean;
  readonly isVolume: (metadata: Readonly<Record<string, string>>) => boolean;
}

/** The name of a Service of any cluster: a load balancer's name or its tag. */
export function isAnyService(name: string): boolean {
  return name.startsWith('kube_service_');
}

/** Metadata of every volume that a Cinder CSI driver makes; its value is the driver's `--cluster`. */
export const CSI_CLUSTER = 'cinder.csi.openstack.org/cluster';

/** The names of a cluster. None of cluster, namespace and Service has an underscore or a space in its own name. */
export function kubernetesNames(cluster: string): KubernetesNames {
  const service = `kube_service_${cluster}_[^_]+_[^_]+`;
  const matches = (pattern: string): ((text: string) => boolean) => {
    const whole = new RegExp(`^${pattern}$`);
    return (text) => whole.test(text);
  };
  const describesGroup = matches(`Security Group for \\S+ Service LoadBalancer in cluster ${cluster}`);
  return {
    isService: matches(service),
    isListener: matches(`listener_\\d+_${service}`),
    isPool: matches(`pool_\\d+_${service}`),
    isFloatingIp: matches(`Floating IP for Kubernetes external service \\S+ from cluster ${cluster}`),
    isSecurityGroup: ({ name, description }) => name.startsWith('lb-sg-') && describesGroup(description),
    isVolume: (metadata) => metadata[CSI_CLUSTER] === cluster,
  };
}
