import type { Path } from '../base/paths.ts';
import type { Phase } from '../boot-report/phases.ts';

/** What has to start anew when a file changes: a systemd unit, the container of a static pod, or any other pod's container. */
export interface Restart {
  readonly kind: 'unit' | 'static-pod' | 'container';
  readonly name: string;
}

/** A file. */
export interface FileItem {
  readonly kind: 'file';
  /** Absolute path on the node. */
  readonly path: string;
  /** Permission bits, for example 0o644. Files with holes for secrets are 0o600, or 0o640 where a group reads them, too. */
  readonly mode: number;
  /** The account that it belongs to, an `account` of the plan. Undefined: root, to whom it belongs until that account is there. */
  readonly owner?: string;
  /** The same of its group. */
  readonly group?: string;
  /** UTF-8 text; it may hold holes. */
  readonly content: string;
  /** What `secrets renew` restarts after it has replaced the file. */
  readonly restarts?: readonly Restart[];
}

/** A folder that belongs to root. */
export interface DirectoryItem {
  readonly kind: 'directory';
  readonly path: string;
  readonly mode: number;
}

/** A symbolic link. */
export interface LinkItem {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
}

/** A systemd unit, ours or the operating system’s. */
export interface UnitItem {
  readonly kind: 'unit';
  /** With its suffix: kubelet.service. */
  readonly name: string;
  /** Text of the unit file; undefined for a unit that the operating system brings. */
  readonly content?: string;
  /** True: started at every boot. False: left as it is, others start it. */
  readonly enabled: boolean;
  /** True: can never start. */
  readonly masked?: boolean;
}

/** A file that changes a unit of the operating system’s. */
export interface DropInItem {
  readonly kind: 'drop-in';
  readonly unit: string;
  /** 10-triskel.conf */
  readonly name: string;
  readonly content: string;
}

/** A package by its neutral name; the platform knows what it is called there. */
export interface PackageItem {
  readonly kind: 'package';
  readonly name: string;
  /** True: the image has it. It is looked for, and not installed. */
  readonly shipped?: boolean;
}

/** A release file that the node fetches by https and checks against its sha256. */
export interface DownloadItem {
  readonly kind: 'download';
  /** Upstream URL; the mirror is put in front of it when the item is adapted. */
  readonly url: string;
  /** Lower-case hexadecimal; undefined: not known, generation says so and names `triskel pin`. */
  readonly sha256: string | undefined;
  /** One file: where it is installed, 0755. An archive: the folder that it is unpacked into. */
  readonly target: string;
  /** Undefined: the file itself is installed. Else the archive's members, unpacked without their leading folders. */
  readonly members?: readonly string[];
  /** What messages call it: "kubelet 1.36.3". */
  readonly title: string;
  /** Where the blueprint chooses its version. */
  readonly origin?: Path;
}

/** An account that a program runs as, with a group of its own: nobody logs in to it. One of that name that is there already stays. */
export interface AccountItem {
  readonly kind: 'account';
  readonly name: string;
}

/** An account with SSH keys. */
export interface UserItem {
  readonly kind: 'user';
  readonly name: string;
  readonly sshKeys: readonly string[];
  readonly sudo: boolean;
}

/** A filesystem of its own, made only when the device has none, mounted by a mount unit of ours. */
export interface FilesystemItem {
  readonly kind: 'filesystem';
  readonly device: string;
  readonly path: string;
  readonly format: 'ext4';
  /** At most 16 characters. */
  readonly label: string;
}

/** A kernel setting, applied at every boot. */
export interface SysctlItem {
  readonly kind: 'sysctl';
  readonly key: string;
  readonly value: string;
}

/** A kernel module, loaded at every boot. */
export interface KernelModuleItem {
  readonly kind: 'kernel-module';
  readonly name: string;
}

/** Who may reach what listens on a node. endpoint: the load balancer in front of the API, wherever it is. */
export type PortSource =
  'control-plane' | 'etcd' | 'nodes' | 'load-balancer' | 'storage' | 'endpoint' | 'anywhere' | 'loopback';

/** Something that listens on the node, and who may reach it. */
export interface PortItem {
  readonly kind: 'port';
  /** vrrp: no transport of its own but IP protocol 112 (RFC 9568, 5.1.1.4), which is `port` then. */
  readonly protocol: 'tcp' | 'udp' | 'vrrp';
  /** A port, or the first and last of a range. */
  readonly port: number | readonly [number, number];
  readonly purpose: string;
  readonly from: PortSource;
}

/** A container image that is pulled on the node. */
export interface ImageItem {
  readonly kind: 'image';
  readonly reference: string;
}

/** A phase of the boot that the boot report watches; the node's boot is complete when all of them are ok. */
export interface PhaseItem {
  readonly kind: 'phase';
  readonly phase: Phase;
  /** The systemd unit that does it. */
  readonly unit: string;
  /** On the node's loopback: answers with success once it is done. Without it, the unit is active then. */
  readonly url?: string;
}

/** One thing that a node must have or do, in words that belong to no operating system. */
export type PlanItem = (
  | FileItem
  | DirectoryItem
  | LinkItem
  | UnitItem
  | DropInItem
  | PackageItem
  | DownloadItem
  | AccountItem
  | UserItem
  | FilesystemItem
  | SysctlItem
  | KernelModuleItem
  | PortItem
  | ImageItem
  | PhaseItem
) & {
  /** Where the blueprint asks for it, when one place does. */
  readonly origin?: Path;
};
