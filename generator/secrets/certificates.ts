import {
  etcdRuns,
  isControlPlane,
  isEtcdMember,
  runsKubelet,
  type Cluster,
  type ClusterNode,
} from '../cluster/cluster.ts';
import { bootstrapsKubelet, joinsByToken } from '../cluster/kubeadm.ts';
import { glusterVolume, speaksGluster } from '../cluster/glusterfs.ts';
import type { VirtualIp } from '../cluster/endpoint.ts';
import { apiServerNames, endpointHosts, sansOf } from './names.ts';
import type { CaSpec, CertificateSpec, KeyPairSpec, SecretsSpec } from './specs.ts';
import { monitoringCertificates } from './monitoring.ts';
import { values } from './values.ts';

/**
 * The certificates of a cluster, as data. Subjects are those that Kubernetes' authorisation knows
 * (kubernetes.io, "PKI certificates and requirements"); the rest of the program only names them.
 */
export function secretsOf(cluster: Cluster): SecretsSpec {
  return {
    cas: cas(cluster),
    ...(joinsByToken(cluster) ? { caKeys: ['cluster-ca'] } : {}),
    ...(cluster.controlPlane.runs === 'k3s' ? { caKeys: ['cluster-ca', 'etcd-ca', 'front-proxy-ca'] } : {}),
    keyPairs: keyPairs(cluster),
    certificates: certificates(cluster),
    values: values(cluster),
  };
}

/** The id of an identity that has one certificate a node. */
export function certificateId(identity: Identity, node: ClusterNode): string {
  return `${identity}.${node.name}`;
}

/** Identities that have one certificate a node. */
export type Identity =
  | 'apiserver'
  | 'apiserver-etcd-client'
  | 'apiserver-kubelet-client'
  | 'front-proxy-client'
  | 'etcd-server'
  | 'etcd-peer'
  | 'kubelet-client'
  | 'kubelet-server'
  | 'controller-manager'
  | 'scheduler'
  | 'kube-proxy'
  | 'glusterfs'
  | 'addons'
  | 'published-services'
  | 'kube-vip';

/** Bound to cluster-admin by the add-ons, so that it can be revoked in the cluster. */
export const ADMIN_GROUP = 'triskel:admins';
/** The add-on applier's user; its rights stand in the API server's authorization policy file. */
export const ADDONS_USER = 'triskel:addons';
/** Reads services and nodes, and nothing else, for the proxies that publish services. */
export const PUBLISHER_USER = 'triskel:published-services';
/** kube-vip's user; its rights stand in the authorization policy file, too. */
export const KUBE_VIP_USER = 'triskel:kube-vip';
/** The group of what may reach the kubelets' API: kube-apiserver's own client. */
export const KUBELET_CLIENT_GROUP = 'triskel:kubelet-api';

function cas(cluster: Cluster): CaSpec[] {
  const { algorithm, caYears: years } = cluster.pki;
  const ca = (id: CaSpec['id']): CaSpec => ({ id, commonName: `${cluster.name} ${id}`, algorithm, years });
  const storage = glusterVolume(cluster) === undefined ? [] : [ca('glusterfs-ca')];
  return [ca('cluster-ca'), ca('etcd-ca'), ca('front-proxy-ca'), ...storage];
}

function keyPairs(cluster: Cluster): KeyPairSpec[] {
  return [{ id: 'service-account', algorithm: cluster.pki.algorithm }];
}

function certificates(cluster: Cluster): CertificateSpec[] {
  const leaf = (
    spec: Pick<CertificateSpec, 'id' | 'ca' | 'commonName' | 'usages' | 'purpose'> & Partial<CertificateSpec>,
  ): CertificateSpec => ({
    node: undefined,
    organizations: [],
    dnsNames: [],
    ipAddresses: [],
    algorithm: cluster.pki.algorithm,
    days: cluster.pki.leafDays,
    ...spec,
  });
  const perNode = cluster.nodes.flatMap((node) => {
    const own = (
      identity: Identity,
      spec: Pick<CertificateSpec, 'ca' | 'commonName' | 'usages' | 'purpose'> & Partial<CertificateSpec>,
    ): CertificateSpec => leaf({ ...spec, id: certificateId(identity, node), node: node.name });
    const specs: CertificateSpec[] = [];
    if (runsKubelet(cluster, node) && !bootstrapsKubelet(cluster, node))
      specs.push(
        own('kubelet-client', {
          ca: 'cluster-ca',
          commonName: `system:node:${node.name}`,
          organizations: ['system:nodes'],
          usages: ['client'],
          purpose: 'the kubelet’s identity at the API',
        }),
      );
    if (runsKubelet(cluster, node))
      specs.push(
        own('kubelet-server', {
          ca: 'cluster-ca',
          commonName: `system:node:${node.name}`,
          organizations: ['system:nodes'],
          ...sansOf(node),
          usages: ['server'],
          purpose: 'the kubelet’s own API',
        }),
        own('kube-proxy', {
          ca: 'cluster-ca',
          commonName: 'system:kube-proxy',
          usages: ['client'],
          purpose: 'kube-proxy’s identity at the API',
        }),
      );
    if (isEtcdMember(cluster, node) && etcdRuns(cluster) !== 'embedded') {
      const local = sansOf(node, ['localhost'], ['127.0.0.1', '::1']);
      specs.push(
        own('etcd-server', {
          ca: 'etcd-ca',
          commonName: node.name,
          ...local,
          usages: ['server', 'client'],
          purpose: 'etcd for its clients; etcd’s own gateway uses it as a client, too',
        }),
        own('etcd-peer', {
          ca: 'etcd-ca',
          commonName: node.name,
          ...sansOf(node),
          usages: ['server', 'client'],
          purpose: 'etcd between its members, and the guard',
        }),
      );
    }
    if (isControlPlane(node) && cluster.controlPlane.runs !== 'k3s') {
      specs.push(
        own('apiserver', {
          ca: 'cluster-ca',
          commonName: 'kube-apiserver',
          ...apiServerNames(cluster, node),
          usages: ['server'],
          purpose: 'the API server',
        }),
        own('apiserver-etcd-client', {
          ca: 'etcd-ca',
          commonName: 'kube-apiserver-etcd-client',
          usages: ['client'],
          purpose: 'the API server at etcd',
        }),
        own('apiserver-kubelet-client', {
          ca: 'cluster-ca',
          commonName: 'kube-apiserver-kubelet-client',
          organizations: [KUBELET_CLIENT_GROUP],
          usages: ['client'],
          purpose: 'the API server at the kubelets',
        }),
        own('front-proxy-client', {
          ca: 'front-proxy-ca',
          commonName: 'front-proxy-client',
          usages: ['client'],
          purpose: 'the API server at extension API servers',
        }),
        own('controller-manager', {
          ca: 'cluster-ca',
          commonName: 'system:kube-controller-manager',
          usages: ['client'],
          purpose: 'the controller-manager at the API',
        }),
        own('scheduler', {
          ca: 'cluster-ca',
          commonName: 'system:kube-scheduler',
          usages: ['client'],
          purpose: 'the scheduler at the API',
        }),
      );
    }
    if (isControlPlane(node))
      specs.push(
        own('addons', {
          ca: 'cluster-ca',
          commonName: ADDONS_USER,
          usages: ['client'],
          purpose: `applies the add-ons; its rights are listed in ${cluster.controlPlane.runs === 'k3s' ? 'a role' : 'the authorization policy'}`,
        }),
      );
    if (speaksGluster(cluster, node))
      specs.push(
        own('glusterfs', {
          ca: 'glusterfs-ca',
          commonName: node.name,
          usages: ['server', 'client'],
          purpose: 'GlusterFS, between its servers and for those who mount the volume',
        }),
      );
    if (holds(cluster, node, 'published-services'))
      specs.push(
        own('published-services', {
          ca: 'cluster-ca',
          commonName: PUBLISHER_USER,
          usages: ['client'],
          purpose: 'reads which services are published, and where; it may read nothing else',
        }),
      );
    if (holds(cluster, node, 'api', 'kube-vip'))
      specs.push(
        own('kube-vip', {
          ca: 'cluster-ca',
          commonName: KUBE_VIP_USER,
          usages: ['client'],
          purpose: 'kube-vip’s election of the holder; its rights are listed in the authorization policy',
        }),
      );
    return specs;
  });
  const admin = leaf({
    id: 'admin',
    ca: 'cluster-ca',
    commonName: 'triskel-admin',
    organizations: [ADMIN_GROUP],
    usages: ['client'],
    purpose: 'the operator; no node has it',
  });
  return [...perNode, admin, ...monitoringCertificates(cluster, leaf, endpointHosts(cluster))];
}

/** True where the node may hold such a virtual IP. */
function holds(
  cluster: Cluster,
  node: ClusterNode,
  serves: VirtualIp['serves'],
  movedBy?: VirtualIp['movedBy'],
): boolean {
  return cluster.virtualIps.some(
    (one) => one.serves === serves && (movedBy ?? one.movedBy) === one.movedBy && one.holders.includes(node),
  );
}
