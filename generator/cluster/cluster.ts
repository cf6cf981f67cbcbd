import { hostPort, loopbackAddress, type Address, type Network } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import type { Endpoint, VirtualIp } from './endpoint.ts';
import type { Firewall, Opened } from './firewall.ts';
import type { IgnitionVersion } from './ignition.ts';
import type { Manifest } from './manifests.ts';
import type { UserDataPart } from './parts.ts';
import type { Time } from './time.ts';
import type { Versions } from './versions.ts';

/** What a node is there for. */
export type Role = 'control-plane' | 'worker' | 'etcd' | 'load-balancer' | 'storage';

/** Keeps pods that do not tolerate it off a node (Kubernetes core/v1, Taint). */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** What the machine image runs. */
export interface OperatingSystem {
  readonly name: 'flatcar' | 'fedora-coreos' | 'debian' | 'ubuntu' | 'rocky';
  /** Its release, "13"; undefined where the system updates itself and has none to choose. */
  readonly version: string | undefined;
  readonly arch: 'amd64' | 'arm64';
  /** The version of Ignition's spec that its config is written in; undefined on systems that cloud-init configures. */
  readonly ignition: IgnitionVersion | undefined;
  /** URL of the FleetLock server that is asked before the system updates and reboots; undefined: it does neither by itself. */
  readonly fleetLock: string | undefined;
}

/** A machine as the cluster sees it, groups and defaults applied. */
export interface ClusterNode {
  readonly name: string;
  readonly roles: readonly Role[];
  /** One address, or one of each family; the first is the primary one. Never empty. */
  readonly addresses: readonly [Address, ...Address[]];
  /** The interface that has these addresses; undefined: found on the node, by its address. */
  readonly interface: string | undefined;
  readonly zone: string | undefined;
  readonly os: OperatingSystem;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Device path of etcd's own disk; it may hold a hole, when only the cloud knows the volume's id. */
  readonly etcdDisk: string | undefined;
  /** The components' options with this node's own laid over the cluster's. */
  readonly options: NonNullable<Blueprint['components']>;
  /** What the blueprint puts beside Triskel's own user data; empty where the system does not read it by cloud-init. */
  readonly parts: readonly UserDataPart[];
  /** The floating IP of the cloud that leads to it: a reserved one's address, or `new`. */
  readonly floatingIp: string | undefined;
  /** What is different about its server in the cloud. */
  readonly server: { readonly image?: string; readonly flavor?: string };
  /** Where the blueprint speaks of this node. */
  readonly origin: Path;
}

/** The cluster’s networks, one of each family, the primary family first. */
export interface ClusterNetwork {
  readonly nodes: readonly [Network, ...Network[]];
  readonly pods: readonly [Network, ...Network[]];
  readonly services: readonly [Network, ...Network[]];
  readonly plugin: 'flannel' | 'calico' | 'cilium' | 'none';
  readonly dnsDomain: string;
  /** The nodes that /etc/hosts names on every node. */
  readonly hosts: 'control-plane' | 'all';
  /** Inclusive. */
  readonly nodePorts: { readonly first: number; readonly last: number };
  /** The service address of the cluster's DNS, of each family: the 10th of the service network. */
  readonly dnsAddresses: readonly [Address, ...Address[]];
  /** The address of the service `kubernetes`, of each family: the first of the service network. */
  readonly apiAddresses: readonly [Address, ...Address[]];
}

/** How the control plane runs. */
export type ControlPlaneKind = 'static-pods' | 'systemd' | 'kubeadm' | 'k3s';

/** What containerd asks in place of a registry. */
export interface Mirror {
  readonly registry: string;
  readonly endpoints: readonly string[];
  readonly ca: string | undefined;
  readonly onlyMirrors: boolean;
}

/** An account on every node; its password is locked. */
export interface User {
  readonly name: string;
  readonly sshKeys: readonly string[];
  readonly sudo: boolean;
}

/** Everything decided: the immutable input of review, plan and secrets. Nodes are sorted by name. */
export interface Cluster {
  readonly name: string;
  readonly versions: Versions;
  readonly controlPlane: {
    readonly runs: ControlPlaneKind;
    readonly port: number;
    /** The API server that the control-plane nodes' own components use. */
    readonly uses: 'local' | 'endpoint';
  };
  readonly endpoint: Endpoint;
  /** That of the API first. */
  readonly virtualIps: readonly VirtualIp[];
  /** The ports at which services may be published, inclusive. */
  readonly publishedPorts: readonly (readonly [first: number, last: number])[];
  readonly network: ClusterNetwork;
  readonly nodes: readonly ClusterNode[];
  readonly controlPlaneNodes: readonly ClusterNode[];
  readonly etcdNodes: readonly ClusterNode[];
  readonly users: readonly User[];
  readonly mirrors: readonly Mirror[];
  readonly proxy: { readonly http?: string; readonly https?: string; readonly exempt: readonly string[] } | undefined;
  readonly time: Time;
  /** Undefined: the nodes have no host firewall of ours. */
  readonly firewall: Firewall | undefined;
  /** What `firewall` of the blueprint opens, for a cloud's security groups: they filter with and without a host firewall. */
  readonly opened: Opened;
  readonly audit: {
    readonly enabled: boolean;
    readonly maxAge: number;
    readonly maxBackups: number;
    readonly maxSize: number;
  };
  readonly encryptionAtRest: {
    readonly provider: 'secretbox' | 'aesgcm' | 'none';
    readonly resources: readonly string[];
  };
  readonly pki: { readonly algorithm: KeyAlgorithm; readonly caYears: number; readonly leafDays: number };
  readonly binaries: {
    readonly source: 'download' | 'image';
    readonly mirror: string | undefined;
    readonly mirrorCa: string | undefined;
  };
  /** The nodes reach nothing but what the blueprint names. */
  readonly airGapped: boolean;
  readonly packages: { readonly source: 'repositories' | 'image'; readonly mirror: string | undefined };
  readonly addons: { readonly revision: number; readonly manifests: readonly Manifest[] };
  readonly openstack: NonNullable<NonNullable<Blueprint['cloud']>['openstack']> | undefined;
  readonly payload: {
    /** The limits on user data that count where the machines run. */
    readonly limits: readonly LimitName[];
    /** Undefined: all of a payload goes into the machine's user data. */
    readonly serve: Serve | undefined;
  };
  readonly recipients: readonly string[];
  /** The components' options of the whole cluster. */
  readonly options: NonNullable<Blueprint['components']>;
  readonly pins: Pins;
}

/** Clouds with a limit on user data. */
export type LimitName = 'openstack' | 'ec2';

/** Where nodes fetch payloads that are served. */
export interface Serve {
  /** Without a slash at its end. */
  readonly url: string;
  /** PEM; undefined: the system's own CAs. */
  readonly ca: string | undefined;
  /** Also where a payload would fit into user data. */
  readonly always: boolean;
}

/** Of every key pair of the cluster. */
export type KeyAlgorithm = 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

/** What `<blueprint>.pins.yaml` adds to the version data; where both know a file, the pins count. */
export interface Pins {
  /** Lower-case hexadecimal sha256 by upstream URL. */
  readonly downloads: Readonly<Record<string, string>>;
  /** `sha256:…` of the image's index or manifest, by reference with tag. */
  readonly images: Readonly<Record<string, string>>;
}

/** True for nodes that run the API. */
export function isControlPlane(node: ClusterNode): boolean {
  return node.roles.includes('control-plane');
}

/** True for nodes that run etcd: those of the role, or else the control plane. */
export function isEtcdMember(cluster: Cluster, node: ClusterNode): boolean {
  return cluster.etcdNodes.includes(node);
}

/** How etcd runs: in a pod, as a unit of the machine, or within k3s. */
export function etcdRuns(cluster: Cluster): 'static-pod' | 'unit' | 'embedded' {
  switch (cluster.controlPlane.runs) {
    case 'systemd':
      return 'unit';
    case 'k3s':
      return 'embedded';
    case 'static-pods':
    case 'kubeadm':
      return 'static-pod';
  }
}

/**
 * True where Pacemaker, and not systemd, starts and stops API server, controller-manager and scheduler: their units are
 * neither enabled nor started anew by systemd. etcd is systemd's everywhere, for its quorum is its own.
 */
export function isSupervised({ controlPlane, virtualIps }: Cluster): boolean {
  const moved = virtualIps.find(({ movedBy }) => movedBy === 'pacemaker');
  // On load-balancer nodes Pacemaker knows nothing of the control plane.
  return controlPlane.runs === 'systemd' && moved !== undefined && moved.holders.every(isControlPlane);
}

/** True for machines that are nodes of the Kubernetes cluster: those that run pods, static ones included. */
export function isKubernetesNode(cluster: Cluster, node: ClusterNode): boolean {
  if (isControlPlane(node) || node.roles.includes('worker')) return true;
  return isEtcdMember(cluster, node) && etcdRuns(cluster) === 'static-pod';
}

/** True for machines that run a kubelet of their own; k3s has one within itself. */
export function runsKubelet(cluster: Cluster, node: ClusterNode): boolean {
  return cluster.controlPlane.runs !== 'k3s' && isKubernetesNode(cluster, node);
}

/** The image to run: by tag until it is pinned, by tag and digest then. */
export function pinnedImage(cluster: Cluster, reference: string): string {
  const digest = cluster.pins.images[reference];
  return digest === undefined ? reference : `${reference}@${digest}`;
}

/**
 * Where this node's own components reach the API: the endpoint, and on the control plane its own server unless the blueprint
 * says otherwise.
 */
export function apiServerUrl(cluster: Cluster, node: ClusterNode): string {
  if (isControlPlane(node) && cluster.controlPlane.uses === 'local') return localApiServerUrl(cluster, node);
  const { host, port } = cluster.endpoint.internal;
  return `https://${hostPort(host, port)}`;
}

/** The API server of this control-plane node itself. */
export function localApiServerUrl(cluster: Cluster, node: ClusterNode): string {
  return `https://${hostPort(loopbackOf(node), cluster.controlPlane.port)}`;
}

/** The loopback address of the node's primary family. */
export function loopbackOf(node: ClusterNode): string {
  return loopbackAddress(node.addresses[0].family);
}
