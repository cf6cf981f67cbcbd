import { systemdArgument } from '../base/systemd.ts';
import { isSupervised, type Cluster } from '../cluster/cluster.ts';
import type { AccountItem, FileItem, PlanItem, Restart, UnitItem } from '../nodeplan/items.ts';
import unit from './control-plane.service.ejs';

/** The programs that are static pods or units, as the blueprint chooses. As units, each has an account of its name. */
export type ControlPlaneProgram = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** What is particular to one unit; the rest is the same for all. */
interface ProgramUnit {
  readonly name: ControlPlaneProgram;
  readonly description: string;
  readonly documentation: string;
  /** Absolute path. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** Arguments whose values the unit's environment has, and the variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** True: it tells systemd once it serves (sd_notify(3)), and counts as started then. */
  readonly notifies: boolean;
  /** Units that it is started after, where both are started. */
  readonly after?: readonly string[];
  /** A script that decides at every start; the program starts when it ends well. */
  readonly before?: string;
  /** Paths without whose mounts it must not start. */
  readonly mounts?: readonly string[];
  /** Further lines of its [Service], such as the folders that it may write to. */
  readonly settings?: readonly string[];
  /** The lowest port that it listens on. */
  readonly port: number;
  /** True: it gives files that it writes an owner, if only itself (the rotation of logs does). */
  readonly changesOwners?: boolean;
}

/** A program as a unit of the machine, with its account. */
export function programUnit(cluster: Cluster, spec: ProgramUnit): [AccountItem, UnitItem] {
  // The one place that decides who starts these units, at boot and when they end.
  const bySystemd = spec.name === 'etcd' || !isSupervised(cluster);
  const content = unit({
    ...spec,
    account: spec.name,
    type: spec.notifies ? 'notify' : 'exec',
    after: spec.after ?? [],
    before: spec.before ?? '',
    mounts: spec.mounts ?? [],
    settings: spec.settings ?? [],
    changesOwners: spec.changesOwners ?? false,
    capabilities: spec.port < 1024 ? 'CAP_NET_BIND_SERVICE' : '',
    arguments: spec.arguments.map((argument) => unitArgument(argument, spec.variables ?? {})),
    restarts: bySystemd,
    enabled: bySystemd,
  });
  return [
    { kind: 'account', name: spec.name },
    { kind: 'unit', name: `${spec.name}.service`, enabled: bySystemd, content },
  ];
}

function unitArgument(argument: string, variables: Readonly<Record<string, string>>): string {
  const flag = argument.slice(0, argument.indexOf('='));
  const variable = Object.hasOwn(variables, flag) ? variables[flag] : undefined;
  return variable === undefined ? systemdArgument(argument) : `${flag}=\${${variable}}`;
}

/** What starts anew when a file that a program reads changes. */
export function restartOf(cluster: Cluster, name: ControlPlaneProgram): Restart {
  return cluster.controlPlane.runs === 'systemd'
    ? { kind: 'unit', name: `${name}.service` }
    : { kind: 'static-pod', name };
}

/** The items, with the files that nobody but root and this program may read given to its account, where it has one. */
export function ownedBy<Item extends PlanItem>(
  cluster: Cluster,
  owner: ControlPlaneProgram,
  items: readonly Item[],
): (Item | FileItem)[] {
  if (cluster.controlPlane.runs !== 'systemd') return [...items];
  return items.map((item) => (item.kind === 'file' && item.mode === 0o600 ? { ...item, owner } : item));
}
