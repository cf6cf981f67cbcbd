import { didYouMean } from '../base/suggestions.ts';
import type { OperatingSystem } from './cluster.ts';
import type { IgnitionVersion } from './ignition.ts';
import table from './facts/operating-systems.yaml';

/** What a system is like; facts/operating-systems.yaml says what each word means, and where it is from. */
export interface SystemFacts {
  readonly title: string;
  readonly format: 'ignition' | 'cloud-init';
  /** The versions of Ignition's spec that are written unless another is chosen, and the newest that it reads. */
  readonly ignition?: { readonly default: IgnitionVersion; readonly newest: IgnitionVersion };
  readonly packageManager: 'apt' | 'dnf' | 'none';
  readonly default: string;
  readonly sudoGroup: string;
  readonly accounts: readonly string[];
  readonly network: 'systemd-networkd' | 'NetworkManager';
  readonly timeDaemon: 'systemd-timesyncd' | 'chrony';
  readonly resolver: string;
  readonly selinux: 'off' | 'permissive' | 'enforcing';
  readonly firewall: string;
  readonly installation: string;
  readonly masked: readonly string[];
  readonly fleetLock?: string;
  readonly needrestart?: boolean;
  readonly keyring?: string;
  readonly components?: string;
  readonly releases: Readonly<Record<string, ReleaseFacts>>;
  readonly refused: Readonly<Record<string, string>>;
}

interface ReleaseFacts {
  readonly arch: readonly OperatingSystem['arch'][];
  readonly firstBoot: string;
  readonly containerd: string;
  readonly cgroup: number;
  readonly repositories?: readonly RepositoryFacts[];
}

/** Where a distribution publishes packages. */
export interface RepositoryFacts {
  /** dnf's; apt's have none. */
  readonly name?: string;
  readonly url: string;
  /** apt's; dnf's have none. */
  readonly suites?: string;
  /** Undefined: all architectures. */
  readonly arch?: OperatingSystem['arch'];
  /** Where its packages' key is fetched; undefined: the distribution's own, which the image has. */
  readonly key?: string | undefined;
  /** Switched off in the image. */
  readonly optional?: boolean;
}

/** A system's own names of a package, and the repository that has to be enabled first; or why it cannot be had. */
export type SystemPackages = { readonly names: readonly string[]; readonly repository?: string } | string;

const { systems, packages } = table as {
  readonly systems: Readonly<Record<OperatingSystem['name'], SystemFacts>>;
  readonly packages: Readonly<Record<string, Readonly<Record<string, SystemPackages | readonly string[]>>>>;
};

/** The whole table, for what is counted and printed. */
export const systemFacts: Readonly<Record<OperatingSystem['name'], SystemFacts>> = systems;

/** Every system's name as blueprints have it. */
export const systemNames = Object.keys(systems) as OperatingSystem['name'][];

/** Neutral package names → what each is by package manager, or by system where there is none. */
export const packageFacts = packages;

/** A system without releases to choose from. */
const ROLLING = 'rolling';

/** The release that a blueprint means, undefined where there is none to choose; or why it cannot be had. */
export function releaseOf(
  name: OperatingSystem['name'],
  given: string | undefined,
): { readonly release: string | undefined } | string {
  const { title, default: usual, releases, refused } = systems[name];
  if (usual === ROLLING)
    return given === undefined ? { release: undefined } : `${title} updates itself and has no version to choose`;
  const release = given ?? usual;
  if (releases[release] !== undefined) return { release };
  const known = Object.keys(releases);
  const why = refused[release] ?? `what is known is ${title} ${known.join(' and ')}.${didYouMean(release, known)}`;
  return `${title} ${release} cannot be used: ${why}`;
}

/** A FleetLock server's URL as it is used, undefined without one; or why this system asks none. */
export function fleetLockOf(
  name: OperatingSystem['name'],
  url: string | undefined,
): { readonly url: string | undefined } | string {
  const { title, fleetLock } = systems[name];
  if (url === undefined || fleetLock !== undefined) return { url };
  return `${title} has nothing that asks a FleetLock server`;
}

/** What a neutral package is on this system: `image` where it is there already. */
export function packagesOf(name: OperatingSystem['name'], wanted: string, known = packages): SystemPackages {
  const { packageManager } = systems[name];
  const row = known[wanted];
  if (row === undefined) throw new Error(`operating-systems.yaml has no package ${wanted}`);
  const found = row[packageManager === 'none' ? name : packageManager];
  if (found === undefined) return 'nobody has looked whether it is there';
  return isList(found) ? { names: found } : found;
}

/** What the release that a node runs is like. */
export function releaseFacts({ name, version }: OperatingSystem): ReleaseFacts {
  const found = systems[name].releases[version ?? ROLLING];
  if (found === undefined) throw new Error(`operating-systems.yaml has no ${name} ${version ?? ''}`);
  return found;
}

/** The repositories that are switched off in the image, and that these neutral packages need. */
export function repositoriesFor({ name }: OperatingSystem, wanted: readonly { readonly name: string }[]): string[] {
  return wanted.flatMap((item) => {
    const found = packagesOf(name, item.name);
    return typeof found === 'string' || found.repository === undefined ? [] : [found.repository];
  });
}

/** True where SELinux keeps a confined container from the node's files. */
export function enforcesSelinux({ os }: { readonly os: OperatingSystem }): boolean {
  return systems[os.name].selinux === 'enforcing';
}

function isList(value: SystemPackages | readonly string[]): value is readonly string[] {
  return Array.isArray(value);
}
