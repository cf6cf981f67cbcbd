import { groupBy } from '../base/order.ts';
import { toYaml } from '../base/yaml.ts';
import { enforcesSelinux, systemFacts } from '../cluster/systems.ts';
import type { PackageItem, UnitItem, UserItem } from '../nodeplan/items.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { APT_REPOSITORIES } from '../platforms/shared/repositories.ts';
import type { Encoding, Renderer } from './renderer.ts';
import { withParts } from './cloud-init-parts.ts';
import { fetching } from './cloud-init-pointer.ts';
import policy from './policy-rc.d.sh';
import { gzip } from './shared/gzip.ts';
import { memo } from '../base/memo.ts';
import { dropInPath, unitPath } from './shared/systemd-files.ts';
import { writeFilesEntry } from './write-files.ts';

/** Consulted by Debian's packages before they start a daemon (invoke-rc.d(8)). */
const POLICY = '/usr/sbin/policy-rc.d';

/** cloud-init's #cloud-config, of words that every version since 22.4 (Debian 12) knows. */
export const cloudInit: Renderer = {
  format: 'cloud-init',
  reviewedName: ({ parts }) => (parts.length === 0 ? 'user-data.yaml' : 'user-data.mime'),
  sealedSuffix: '.user-data',
  encodings: ['plain', 'gzip-files', 'gzip-whole'],
  reviewed: (plan) => withParts(plan, userData(plan, 'plain')),
  sealed(plan, encoding) {
    const text = withParts(plan, userData(plan, encoding));
    return encoding === 'gzip-whole' ? gzip(text) : Buffer.from(text, 'utf8');
  },
  served: (plan) => Buffer.from(userData(plan, 'plain'), 'utf8'),
  pointerName: 'pointer.yaml',
  // Name and accounts need nothing that is fetched: somebody can log in and look when fetching fails.
  pointer: (plan, to) => withParts(plan, [...identity({ ...plan, packages: [] }), ...fetching(to)].join('')),
};

function userData(plan: NodePlan, encoding: Encoding): string {
  const files = filesOf(plan).map((file) => writeFilesEntry(file, encoding === 'gzip-files'));
  return [
    ...identity(plan),
    files.length > 0 ? `write_files:\n${files.join('')}` : '',
    section({ runcmd: commands(plan) }),
  ].join('');
}

function identity(plan: NodePlan): string[] {
  return ['#cloud-config\n', section({ hostname: plan.node.name }), section(settings(plan))];
}

/** Keys of the document's top; all but the host name are the same on many nodes. */
function section(value: object): string {
  return sectionYaml(JSON.stringify(value));
}

const sectionYaml = memo((json: string): string => toYaml(JSON.parse(json)));

function settings(plan: NodePlan): object {
  const { users, files } = plan;
  const packages = toInstall(plan);
  return {
    preserve_hostname: false,
    manage_etc_hosts: false,
    // Nobody at all: without the key the image's own account would be made, and cloud-init 22.4 refuses an empty list.
    users: users.length > 0 ? users.map(user) : [''],
    ssh_pwauth: false,
    disable_root: true,
    // Ubuntu's cloud-init would write the sources of its archive anew, into our folder.
    ...(files.some(({ path }) => path === APT_REPOSITORIES) ? { apt: { preserve_sources_list: true } } : {}),
    ...(packages.length > 0 ? { package_update: true, packages: packages.map(({ name }) => name) } : {}),
  };
}

function user({ name, sshKeys, sudo }: UserItem): object {
  return {
    name,
    // Debian has a group "operator" already, and useradd makes no group for a user whose name is taken. cloud-init makes
    // what is missing of `groups`, and not of `primary_group`.
    primary_group: name,
    groups: name,
    lock_passwd: true,
    shell: '/bin/bash',
    ...(sudo ? { sudo: 'ALL=(ALL) NOPASSWD:ALL' } : {}),
    ...(sshKeys.length > 0 ? { ssh_authorized_keys: sshKeys } : {}),
  };
}

interface WrittenFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

function filesOf(plan: NodePlan): WrittenFile[] {
  return [
    ...(policed(plan) ? [{ path: POLICY, mode: 0o755, content: policy }] : []),
    ...plan.files,
    ...plan.units.flatMap(({ name, content, masked }) =>
      content === undefined || masked === true ? [] : [{ path: unitPath(name), mode: 0o644, content }],
    ),
    ...plan.dropIns.map(({ unit, name, content }) => ({ path: dropInPath(unit, name), mode: 0o644, content })),
  ];
}

/**
 * What is done once files are written and packages installed, in a shell that stops at the first failure: a node of
 * which a part failed starts nothing, and says so, rather than joining the cluster half made.
 */
function commands(plan: NodePlan): (string | string[])[] {
  const enabled = plan.units.filter((unit) => unit.enabled && unit.masked !== true);
  const masked = plan.units.filter((unit) => unit.masked === true);
  const mounts = enabled.filter(({ name }) => name.endsWith('.mount'));
  const own = enabled.filter((unit) => unit.content !== undefined && !mounts.includes(unit));
  const systems = enabled.filter((unit) => unit.content === undefined);
  return [
    'set -e',
    // docs/boot-report.md; the script that writes such lines may be among the files that are missing.
    'phase=configuration',
    `trap 'code=$?; [ $code -eq 0 ] || echo "triskel/1 node=$(uname -n) phase=$phase state=failed exit=$code say=\\"the first boot failed, nothing was started\\""' EXIT`,
    ...written(plan),
    ...installed(plan),
    ['systemctl', 'daemon-reload'],
    ...stopped(masked),
    ...onUnits(['mask', '--now'], masked),
    // Folders may lie on these.
    ...(mounts.length > 0 ? ['phase=disk', ...onUnits(['start'], mounts), 'phase=configuration'] : []),
    ...[...groupBy(plan.directories, ({ mode }) => mode)].map(([mode, items]) => [
      'install',
      '--directory',
      `--mode=${octal(mode)}`,
      ...items.map(({ path }) => path),
    ]),
    ...labelled(plan),
    ...plan.links.flatMap(({ path, target }) => [
      ['mkdir', '--parents', path.replace(/\/[^/]*$/, '/')],
      ['ln', '--symbolic', '--force', '--no-target-directory', target, path],
    ]),
    'phase=kernel',
    ['systemctl', 'restart', 'systemd-modules-load.service', 'systemd-sysctl.service'],
    'phase=configuration',
    // Only now: after a reboot, a node whose first boot stopped above would start half made.
    ...onUnits(['enable'], enabled),
    '/opt/triskel/report configuration ok "" >/dev/null',
    // Jobs are only queued: some wait for the network for as long as it takes, and cloud-init is not to wait with them.
    ...onUnits(['reload-or-restart', '--no-block'], systems),
    ...onUnits(['start', '--no-block'], own),
  ];
}

/**
 * cloud-init goes on when a module fails, write_files with the files behind the one that failed included. Its status file
 * has the errors of the stages before this one, in 22.4 as in 25.1.
 */
function written(plan: NodePlan): (string | string[])[] {
  return [
    ['stat', '--printf=', ...filesOf(plan).map(({ path }) => path)],
    `errors=$(sed -n '/"errors": \\[$/,/\\]/p' /run/cloud-init/status.json)`,
    // Module and kind of error; what stands behind them may be a file's content.
    `[ -z "$errors" ] || { echo "$errors" | cut -d '(' -f 1-2; exit 1; }`,
  ];
}

/** Folders get their parents' SELinux labels when they are made, and a new filesystem has none; written files have theirs. */
function labelled({ node, directories }: NodePlan): string[][] {
  return enforcesSelinux(node) ? [['restorecon', '-R', ...directories.map(({ path }) => path)]] : [];
}

/** A package that is missing or half installed ends the first boot here. */
function installed(plan: NodePlan): (string | string[])[] {
  const names = plan.packages.map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    'phase=packages',
    ...(policed(plan) ? [['rm', POLICY]] : []),
    ...(isApt(plan)
      ? [['dpkg-query', '--show', ...names], 'test -z "$(dpkg --audit)"']
      : [['rpm', '--query', ...names]]),
    '/opt/triskel/report packages ok "" >/dev/null',
    'phase=configuration',
  ];
}

/** Packages of Debian and Ubuntu start their daemons when they are installed. */
function policed(plan: NodePlan): boolean {
  return toInstall(plan).length > 0 && isApt(plan);
}

function isApt({ node }: NodePlan): boolean {
  return systemFacts[node.os.name].packageManager === 'apt';
}

function toInstall({ packages }: NodePlan): readonly PackageItem[] {
  return packages.filter(({ shipped }) => shipped !== true);
}

/**
 * systemd 252 calls a running timer failed when it is masked ("Unit to trigger vanished"): it is stopped before. An image
 * may lack the unit; what then cannot be stopped can be masked.
 */
function stopped(masked: readonly UnitItem[]): string[] {
  return masked.length === 0 ? [] : [`systemctl stop ${masked.map(({ name }) => name).join(' ')} 2>/dev/null || true`];
}

function onUnits(verb: readonly string[], units: readonly UnitItem[]): string[][] {
  return units.length === 0 ? [] : [['systemctl', ...verb, ...units.map(({ name }) => name)]];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
