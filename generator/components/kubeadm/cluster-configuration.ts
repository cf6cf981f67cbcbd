import { hostPort } from '../../base/networks.ts';
import type { Cluster, KeyAlgorithm } from '../../cluster/cluster.ts';
import { joinsByToken } from '../../cluster/kubeadm.ts';
import { kubeadmMountsFlexVolumes } from '../../cluster/versions.ts';
import { hostFiles, volumeName, type HostPath } from '../host-paths.ts';
import type { KubeadmPart, KubeadmProgram } from '../kubeadm-parts.ts';
import { ETCD_CA, PKI } from '../node-paths.ts';
import { KUBEADMS_MOUNTS, KUBEADMS_OWN } from './own-arguments.ts';

/** Of every document of kubeadm's own: the one version that kubeadm 1.33 to 1.37 all read. */
export const API_VERSION = 'kubeadm.k8s.io/v1beta4';

/** kubeadm's names of the algorithms (v1beta4, EncryptionAlgorithmType); it writes no key itself, but checks the word. */
const ALGORITHMS: Readonly<Record<KeyAlgorithm, string | undefined>> = {
  'ecdsa-p256': 'ECDSA-P256',
  // ECDSA-P384 is a word since 1.34.
  'ecdsa-p384': undefined,
  'rsa-2048': 'RSA-2048',
  'rsa-3072': 'RSA-3072',
  'rsa-4096': 'RSA-4096',
};

/** The CA that issues certificates now, alone: ca.crt has two of them while CAs change. */
export const ISSUER = '/etc/kubernetes/kubeadm/ca.crt';
/** The same of the aggregation layer. */
export const FRONT_PROXY_ISSUER = '/etc/kubernetes/kubeadm/front-proxy-ca.crt';

interface Argument {
  readonly name: string;
  readonly value: string;
}

/** ClusterConfiguration, the same on every node and in the ConfigMap kubeadm-config (cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go). */
export function clusterConfiguration(cluster: Cluster, parts: readonly KubeadmPart[]): Record<string, unknown> {
  const { network, versions, endpoint } = cluster;
  const texts = (networks: readonly { readonly text: string }[]): string => networks.map(({ text }) => text).join(',');
  const encryptionAlgorithm = ALGORITHMS[cluster.pki.algorithm];
  return {
    apiVersion: API_VERSION,
    kind: 'ClusterConfiguration',
    clusterName: cluster.name,
    kubernetesVersion: `v${versions.kubernetes}`,
    controlPlaneEndpoint: hostPort(endpoint.internal.host, endpoint.internal.port),
    certificatesDir: PKI,
    imageRepository: 'registry.k8s.io',
    ...(encryptionAlgorithm === undefined ? {} : { encryptionAlgorithm }),
    networking: {
      dnsDomain: network.dnsDomain,
      podSubnet: texts(network.pods),
      serviceSubnet: texts(network.services),
    },
    etcd: {
      external: {
        endpoints: parts.flatMap((part) => (part.kind === 'etcd' ? part.endpoints : [])),
        caFile: ETCD_CA,
        certFile: `${PKI}/apiserver-etcd-client.crt`,
        keyFile: `${PKI}/apiserver-etcd-client.key`,
      },
    },
    apiServer: { certSANs: names(cluster), ...program(cluster, parts, 'kube-apiserver') },
    controllerManager: program(cluster, parts, 'kube-controller-manager'),
    scheduler: program(cluster, parts, 'kube-scheduler'),
    // Triskel's add-ons have both: kubeadm would put its own in their place at every upgrade.
    dns: { disabled: true },
    proxy: { disabled: true },
  };
}

/** Beside its own addresses, by which kubeadm knows a node. */
function names({ endpoint, virtualIps }: Cluster): string[] {
  const api = virtualIps.filter(({ serves }) => serves === 'api').flatMap(({ addresses }) => addresses);
  const all = [endpoint.internal.host, endpoint.external.host, ...endpoint.names, ...api.map(({ text }) => text)];
  return [...new Set([...all, 'localhost', '127.0.0.1', '::1'])];
}

function program(cluster: Cluster, parts: readonly KubeadmPart[], name: KubeadmProgram): Record<string, unknown> {
  const part = parts.find((each) => each.kind === 'program' && each.name === name);
  if (part?.kind !== 'program') throw new Error(`no component speaks for ${name}`);
  const given = part.arguments.map(argumentOf).filter((argument) => !KUBEADMS_OWN[name].includes(argument.name));
  const seen = part.hostPaths.filter(({ path }) => !KUBEADMS_MOUNTS[name].some((own) => path.startsWith(own)));
  const mounted = signs(cluster, name) ? [...seen, ...hostFiles(ISSUER)] : seen;
  return {
    extraArgs: [...given, ...inPlaceOfDefaults(cluster, name)],
    ...(mounted.length === 0 ? {} : { extraVolumes: mounted.map(volume) }),
  };
}

/** What kubeadm sets by itself, and Triskel's own pods do not have. */
function inPlaceOfDefaults(cluster: Cluster, name: KubeadmProgram): Argument[] {
  if (name === 'kube-apiserver' && !joinsByToken(cluster)) {
    return [{ name: 'enable-bootstrap-token-auth', value: 'false' }];
  }
  if (name !== 'kube-controller-manager') return [];
  return [
    // Its default lies in /usr, which Flatcar and Fedora CoreOS mount read-only.
    ...(kubeadmMountsFlexVolumes(cluster.versions)
      ? [{ name: 'flex-volume-plugin-dir', value: '/var/lib/kubelet/volume-plugins' }]
      : []),
    ...(signs(cluster, name) ? [{ name: 'cluster-signing-cert-file', value: ISSUER }] : []),
  ];
}

function signs(cluster: Cluster, name: KubeadmProgram): boolean {
  return name === 'kube-controller-manager' && joinsByToken(cluster);
}

function argumentOf(text: string): Argument {
  const [name = '', ...value] = text.slice(2).split('=');
  return { name, value: value.join('=') };
}

function volume({ path, type, writable }: HostPath): Record<string, unknown> {
  const name = volumeName(path);
  return { name, hostPath: path, mountPath: path, ...(writable === true ? {} : { readOnly: true }), pathType: type };
}

/** --flag=value of a kubelet → kubeadm's form of it. */
export function kubeletExtraArgs(given: readonly string[]): Argument[] {
  return given.map(argumentOf);
}
