/**
 * What the cloud controller and the Cinder CSI driver of a cluster make, made by the same calls as an ordinary user of the project: a
 * load balancer of a Service with its floating IP and security group, a Service on somebody else's load balancer, volumes.
 */
import type { Clock, Cloud } from 'openstack-client-lite';

export interface MakeFor {
  readonly cloud: Cloud;
  readonly clock: Clock;
  /** As `--cluster-name` and the driver's `--cluster` have it. */
  readonly cluster: string;
  /** Where load balancers get their address. */
  readonly subnet: string;
  /** Of the load balancer; default: one that the cloud chooses. */
  readonly address?: string;
}

/** A load balancer of a Service. Gives its id and its port. */
export async function serviceBalancer(
  given: MakeFor,
  service = 'web',
  tags: readonly string[] = [`kube_service_${given.cluster}_default_${service}`],
): Promise<{ readonly id: string; readonly port: string }> {
  const { cloud, cluster, subnet, address } = given;
  const name = `kube_service_${cluster}_default_${service}`;
  const { id, vip_port_id: port } = await cloud.loadBalancer.loadBalancers.create({
    name,
    description: `Kubernetes external service default/${service} from cluster ${cluster}`,
    tags,
    vip_subnet_id: subnet,
    ...(address === undefined ? {} : { vip_address: address }),
  });
  await settled(given, id);
  await serviceListener(given, id, service, 80);
  return { id, port };
}

/** A listener of a Service, with its pool, on any load balancer. */
export async function serviceListener(given: MakeFor, balancer: string, service: string, port: number): Promise<void> {
  const { listeners, pools } = given.cloud.loadBalancer;
  const name = `kube_service_${given.cluster}_default_${service}`;
  const listener = await listeners.create({
    loadbalancer_id: balancer,
    name: `listener_0_${name}`,
    tags: [name],
    protocol: 'TCP',
    protocol_port: port,
  });
  await settled(given, balancer);
  await pools.create({
    listener_id: listener.id,
    name: `pool_0_${name}`,
    protocol: 'TCP',
    lb_algorithm: 'ROUND_ROBIN',
  });
  await settled(given, balancer);
}

/** A new floating IP of a Service; with a port it leads there. */
export async function serviceAddress({ cloud, cluster }: MakeFor, port?: string, service = 'web'): Promise<string> {
  const [outer] = await cloud.network.networks.list({ 'router:external': true });
  const { id } = await cloud.network.floatingIps.create({
    floating_network_id: outer?.id ?? '',
    description: `Floating IP for Kubernetes external service default/${service} from cluster ${cluster}`,
    ...(port === undefined ? {} : { port_id: port }),
  });
  return id;
}

/** The security group of a Service, on ports of nodes. */
export async function serviceGroup(
  { cloud, cluster }: MakeFor,
  ports: readonly string[],
  service = 'web',
): Promise<string> {
  const { securityGroups, securityGroupRules, ports: all } = cloud.network;
  const { id } = await securityGroups.create({
    name: `lb-sg-5f2c1d9e-0000-4000-8000-000000000001-default-${service}`,
    description: `Security Group for default/${service} Service LoadBalancer in cluster ${cluster}`,
  });
  await securityGroupRules.create({
    security_group_id: id,
    direction: 'ingress',
    protocol: 'tcp',
    port_range_min: 30080,
    port_range_max: 30080,
  });
  for (const port of ports) {
    const before = (await all.get(port))?.security_groups ?? [];
    await all.update(port, { security_groups: [...before, id] });
  }
  return id;
}

/** The volume of a claim; `driver` is the CSI driver's own name of its cluster. */
export async function claimVolume(
  { cloud, clock, cluster }: MakeFor,
  claim: string,
  driver = cluster,
): Promise<string> {
  const { volumes } = cloud.blockStorage;
  const { id } = await volumes.create({
    name: `pvc-${claim}`,
    size: 1,
    metadata: { 'cinder.csi.openstack.org/cluster': driver, 'csi.storage.k8s.io/pvc/name': claim },
  });
  while ((await volumes.get(id))?.status !== 'available') await clock.sleep(250);
  return id;
}

export async function settled({ cloud, clock }: Pick<MakeFor, 'cloud' | 'clock'>, balancer: string): Promise<void> {
  for (;;) {
    const seen = await cloud.loadBalancer.loadBalancers.get(balancer);
    if (seen?.provisioning_status === 'ACTIVE') return;
    if (seen === undefined || seen.provisioning_status === 'ERROR')
      throw new Error(`${balancer} did not become ACTIVE`);
    await clock.sleep(250);
  }
}
