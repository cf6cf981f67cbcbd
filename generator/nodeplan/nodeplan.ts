import type { ClusterNode } from '../cluster/cluster.ts';
import type {
  AccountItem,
  DirectoryItem,
  DownloadItem,
  DropInItem,
  FileItem,
  FilesystemItem,
  ImageItem,
  KernelModuleItem,
  LinkItem,
  PackageItem,
  PhaseItem,
  PlanItem,
  PortItem,
  SysctlItem,
  UnitItem,
  UserItem,
} from './items.ts';

/** All that one machine has: every list sorted and free of duplicates, whatever order components spoke in. */
export interface NodePlan {
  readonly node: ClusterNode;
  readonly files: readonly FileItem[];
  readonly directories: readonly DirectoryItem[];
  readonly links: readonly LinkItem[];
  readonly units: readonly UnitItem[];
  readonly dropIns: readonly DropInItem[];
  readonly packages: readonly PackageItem[];
  readonly downloads: readonly DownloadItem[];
  readonly accounts: readonly AccountItem[];
  readonly users: readonly UserItem[];
  readonly filesystems: readonly FilesystemItem[];
  readonly sysctls: readonly SysctlItem[];
  readonly kernelModules: readonly KernelModuleItem[];
  readonly ports: readonly PortItem[];
  readonly images: readonly ImageItem[];
  readonly phases: readonly PhaseItem[];
}

/** What makes two items of one kind the same thing: two different items with one key are a conflict. */
export function itemKey(item: PlanItem): string {
  switch (item.kind) {
    case 'file':
    case 'directory':
    case 'link':
    case 'filesystem':
      return item.path;
    case 'unit':
    case 'package':
    case 'account':
    case 'user':
    case 'kernel-module':
      return item.name;
    case 'drop-in':
      return `${item.unit}/${item.name}`;
    case 'download':
      return `${item.target} ${item.url}`;
    case 'sysctl':
      return item.key;
    case 'port':
      return `${typeof item.port === 'number' ? String(item.port).padStart(5, '0') : item.port.map((p) => String(p).padStart(5, '0')).join('-')}/${item.protocol}/${item.from} ${item.purpose}`;
    case 'image':
      return item.reference;
    case 'phase':
      return `${item.phase} ${item.unit}`;
  }
}
