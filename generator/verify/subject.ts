import { isControlPlane, isEtcdMember, isKubernetesNode, type Cluster, type ClusterNode } from '../cluster/cluster.ts';
import { corosyncMembers } from '../cluster/corosync.ts';
import type { HostPort } from '../cluster/endpoint.ts';
import { glusterServers, glusterVolume } from '../cluster/glusterfs.ts';
import { balancesApi } from '../components/balancing.ts';
import { fillFrom } from '../secrets/fill.ts';
import type { Store } from '../secrets/store.ts';

/** Where a program of a node is asked. */
export interface NodePlace extends HostPort {
  readonly node: string;
}

/** A certificate with its key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** All that is asked of a running cluster, as plain data: a lab keeps it for commands that come later. It holds keys. */
export interface Subject {
  readonly cluster: string;
  /** "1.36.3" */
  readonly kubernetes: string;
  readonly addonsRevision: number;
  /** `name`: what its certificate must be of, where it is not of the host. */
  readonly endpoint: HostPort & { readonly name?: string };
  /** Machines that are nodes of Kubernetes. */
  readonly nodes: readonly string[];
  /** Static pods of the control plane, by the names that the API has for them. */
  readonly mirrorPods: readonly string[];
  readonly apiServers: readonly NodePlace[];
  /** Where haproxy of a node leads to the API. */
  readonly balancers: readonly NodePlace[];
  /** etcd's members; none with k3s, whose etcd is within it. */
  readonly etcd: readonly NodePlace[];
  /** Why etcd is open to its members and the API servers alone; undefined: to all of the nodes' network. */
  readonly etcdClosedBy: string | undefined;
  readonly virtualIps: readonly { readonly address: string; readonly holders: readonly string[] }[];
  /** Nodes of Pacemaker's cluster. */
  readonly pacemaker: readonly string[];
  /** The replicated volume, and where its bricks are. */
  readonly volume: { readonly name: string; readonly bricks: readonly { node: string; host: string }[] } | undefined;
  /** Programs in whose place a lab runs others, which know less. */
  readonly standIns: readonly string[];
  /** CAs (PEM) and the operator's own identity; without one only strangers' questions can be asked. */
  readonly ca: string;
  readonly admin: KeyPair | undefined;
  /** As an API server asks etcd. */
  readonly etcdAccess: (KeyPair & { readonly ca: string }) | undefined;
}

const ETCD_PORT = 2379;

/** What a cluster is asked at its endpoint for operators; `address`: where that is. */
export function subjectOf(
  cluster: Cluster,
  store: Store,
  address: Subject['endpoint'] = cluster.endpoint.external,
): Subject {
  const { controlPlane, controlPlaneNodes, endpoint, versions } = cluster;
  const place = (node: ClusterNode, port: number): NodePlace => ({
    node: node.name,
    host: node.addresses[0].text,
    port,
  });
  const fill = fillFrom(store);
  const secret = (name: string, part: string): string => fill({ name, part }) ?? '';
  const client = store.certificates[`apiserver-etcd-client.${controlPlaneNodes[0]?.name ?? ''}`];
  const admin = store.certificates['admin'];
  const hasEtcd = controlPlane.runs !== 'k3s';
  const volume = glusterVolume(cluster);
  return {
    cluster: cluster.name,
    kubernetes: versions.kubernetes,
    addonsRevision: cluster.addons.revision,
    endpoint: address,
    nodes: cluster.nodes.filter((node) => isKubernetesNode(cluster, node)).map(({ name }) => name),
    mirrorPods: mirrorPodsOf(cluster),
    apiServers: controlPlaneNodes.map((node) => place(node, controlPlane.port)),
    balancers:
      endpoint.type === 'loopback'
        ? []
        : cluster.nodes.filter((node) => balancesApi(cluster, node)).map((node) => place(node, endpoint.internal.port)),
    etcd: hasEtcd ? cluster.etcdNodes.map((node) => place(node, ETCD_PORT)) : [],
    etcdClosedBy:
      cluster.firewall !== undefined
        ? 'the nodes’ firewall'
        : cluster.openstack !== undefined
          ? 'its security group'
          : undefined,
    virtualIps: cluster.virtualIps.flatMap(({ addresses, holders }) =>
      addresses.map(({ text }) => ({ address: text, holders: holders.map(({ name }) => name) })),
    ),
    pacemaker: corosyncMembers(cluster).map(({ node }) => node.name),
    volume: volume && {
      name: volume.name,
      bricks: glusterServers(volume).map(({ name, addresses: [{ text }] }) => ({ node: name, host: text })),
    },
    standIns: [],
    ca: secret('cluster-ca', 'bundle'),
    admin: admin === undefined ? undefined : { cert: admin.cert, key: admin.key },
    etcdAccess:
      client === undefined ? undefined : { cert: client.cert, key: client.key, ca: secret('etcd-ca', 'bundle') },
  };
}

/** The same cluster as its lab is asked: from within the nodes' network, and of programs some of which stand in. */
export function subjectInLab(cluster: Cluster, store: Store, standIns: readonly string[]): Subject {
  const subject = subjectOf(cluster, store);
  const { internal, external, type } = cluster.endpoint;
  // A loopback is each node's own; the lab's balancer is at both addresses, and no other floating IP is there.
  const loopback = subject.apiServers[0] ?? internal;
  const endpoint = type === 'loopback' ? loopback : type === 'external' ? external : internal;
  return { ...subject, endpoint, standIns };
}

/**
 * True where operators use an address of the nodes' own, so that they can be expected to reach the nodes, too; false where
 * they come by a floating IP, a name or a balancer's outer address.
 */
export function isAmongNodes({ endpoint, virtualIps, nodes }: Cluster): boolean {
  const own = [...virtualIps, ...nodes].flatMap(({ addresses }) => addresses.map(({ text }) => text));
  const { internal, external } = endpoint;
  if (endpoint.floatingIp === 'new') return false;
  return external.host === internal.host || own.includes(external.host);
}

function mirrorPodsOf(cluster: Cluster): string[] {
  const { runs } = cluster.controlPlane;
  if (runs !== 'static-pods' && runs !== 'kubeadm') return [];
  const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  return cluster.nodes.flatMap((node) =>
    [...(isControlPlane(node) ? programs : []), ...(isEtcdMember(cluster, node) ? ['etcd'] : [])].map(
      (program) => `${program}-${node.name}`,
    ),
  );
}
