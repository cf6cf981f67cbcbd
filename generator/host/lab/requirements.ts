import { accessSync, constants, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { availableParallelism, loadavg, setPriority } from 'node:os';
import { delimiter, join } from 'node:path';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Programs that a lab is run with, and the Debian package that has each. */
const NEEDED: Readonly<Record<string, string>> = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  'apt-get': 'apt',
  'apt-ftparchive': 'apt-utils',
  bash: 'bash',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  python3: 'python3',
};

/** The kernel's oldest release with `cgroup.kill` (kernel.org, "Control Group v2"). */
const OLDEST_KERNEL = [5, 14] as const;

/** Nine times the share of a program of no priority (sched(7), the nice value). */
const PRECEDENCE = -10;

/** What plays the part of a load balancer that is somebody else's. */
const BALANCER = { haproxy: 'haproxy' } as const;

/** What keeps a lab from running on this machine: all of it, with what to do. */
export function unmetRequirements({ balancer = false } = {}): Diagnostic[] {
  const refuse = (message: string, remedy?: string): Diagnostic => diagnostic('lab/needs', message, [], remedy);
  if (process.platform !== 'linux') return [refuse('a lab runs on Linux alone')];
  const found: Diagnostic[] = [];
  if (process.getuid?.() !== 0)
    found.push(refuse('a lab needs root: it makes namespaces, mounts and cgroups', 'Run it with sudo.'));
  const needed = balancer ? { ...NEEDED, ...BALANCER } : NEEDED;
  const missing = Object.keys(needed).filter((program) => !isInstalled(program));
  const packages = [...new Set(missing.map((program) => needed[program] ?? ''))].sort().join(' ');
  if (missing.length > 0)
    found.push(
      refuse(
        `a lab needs ${missing.join(', ')}`,
        `On Debian and Ubuntu: \`apt-get install --no-install-recommends ${packages}\`.`,
      ),
    );
  const [major = 0, minor = 0] = readFileSync('/proc/sys/kernel/osrelease', 'utf8').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_KERNEL;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    found.push(refuse(`a lab needs Linux ${OLDEST_KERNEL.join('.')} or newer`));
  if (found.length === 0 && !mayIsolate())
    found.push(
      refuse(
        'this machine does not let root make namespaces and mount cgroups, as in many containers',
        'Run it on a machine or a virtual machine of its own.',
      ),
    );
  return found;
}

/** Whether disks can be made of files: a container may have no loop devices. */
export function hasLoopDevices(): boolean {
  return succeeds('losetup', ['--find']);
}

/** This machine's architecture, as Kubernetes calls it. */
export function machineArch(): 'amd64' | 'arm64' {
  return process.arch === 'arm64' ? 'arm64' : 'amd64';
}

function mayIsolate(): boolean {
  return succeeds('unshare', [
    '--mount',
    '--net',
    '--pid',
    '--fork',
    'mount',
    '-t',
    'cgroup2',
    'cgroup2',
    '/sys/fs/cgroup',
  ]);
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Processors, and how many programs wanted one on the average of the last minute. */
export function machineLoad(): { readonly processors: number; readonly load: number } {
  return { processors: availableParallelism(), load: loadavg()[0] ?? 0 };
}

/** From now on this program, and what it starts, comes before the machine's other programs: its measures are of the lab. */
export function takePrecedence(): void {
  setPriority(PRECEDENCE);
}
