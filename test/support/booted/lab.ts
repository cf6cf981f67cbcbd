/**
 * Machines of one's own: real Debian systems, each booted by systemd-nspawn with its own systemd, on a network of the
 * lab's that leads nowhere else. A lab is a PID namespace: it ends with its first process, and all in it at once, also when
 * this program is killed. Needs root, and an image (image.sh). How to:
 *
 *     const lab = await startLab('192.0.2.1/24');
 *     const machine = lab.add({ name: 'cp0', image: `${IMAGES}/trixie`, seed: seedOf(…) });   // off, its disk as in the image
 *     machine.start();
 *     await machine.booted();                    // cloud-init has ended, well or not
 *     await machine.run('systemctl', '--failed'); machine.console(); machine.files('/etc/hosts');
 *     lab.stop();
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addMachine, type Machine, type MachineSpec } from './machine.ts';
import { runInTime, type Run } from './running.ts';

const SCRIPTS = resolve('test/support/booted');

/** A network with machines on it. */
export interface Lab {
  /** A folder of the lab's, seen from outside its namespaces. */
  readonly path: (path: string) => string;
  /** A machine, switched off. */
  readonly add: (spec: MachineSpec) => Machine;
  /** An empty disk, which goes with the lab: the option that gives it to a machine as this device. Needs loop devices. */
  readonly disk: (device: string, mebibytes: number) => Promise<string>;
  /** Runs a program that is on the network, at the lab's own address. */
  readonly run: (...command: string[]) => Promise<Run>;
  /** Starts a program there; it ends with the lab at the latest. */
  readonly start: (...command: string[]) => ChildProcess;
  readonly stop: () => Promise<void>;
}

/** `cidr`: the lab's own address, with the length of the network's prefix. */
export async function startLab(cidr: string): Promise<Lab> {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  const command = ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--net', '--pid', '--fork'];
  const holder = spawnLab([...command, '--kill-child', join(SCRIPTS, 'lab.sh'), folder, cidr]);
  let said = '';
  holder.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  while (!existsSync(join(folder, 'ready'))) {
    if (holder.exitCode !== null) {
      remove(folder);
      throw new Error(`the lab did not start: ${said}`);
    }
    await sleep(20);
  }
  const holderPid = String(holder.pid);
  const pid = readFileSync(`/proc/${holderPid}/task/${holderPid}/children`, 'utf8').trim();
  const enter = ['nsenter', '--target', pid, '--mount', '--net', '--pid', '--'];
  const path = (inside: string): string => join(`/proc/${pid}/root`, inside);
  const machines: Machine[] = [];
  let disks = 0;
  return {
    path,
    add: (spec) => {
      const machine = addMachine(spec, { folder, path, enter, script: join(SCRIPTS, 'node.sh') });
      machines.push(machine);
      return machine;
    },
    disk: async (device, mebibytes) => {
      const file = `${folder}/nodes/disk${String(disks++)}`;
      // A loop device that is detached while it is open goes when nobody has it open any more.
      const holding = `truncate --size ${String(mebibytes)}M "$0" && loop=$(losetup --find --show "$0") &&
        exec 9<>"$loop" && losetup --detach "$loop" && echo "$loop" && exec sleep infinity`;
      const loop = await firstLine(spawnLab([...enter, 'sh', '-c', holding, file]));
      return `--bind=${loop}:${device}`;
    },
    run: (...line) => runInTime([...enter, ...line]),
    start: (...line) => spawnLab([...enter, ...line]),
    stop: async () => {
      for (const machine of machines) await machine.kill();
      const ended = new Promise((done) => holder.once('exit', done));
      process.kill(Number(pid), 'SIGKILL');
      await ended;
      remove(folder);
    },
  };
}

/** The first line that a program writes; an error when it ends without one. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = '';
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    child.stdout?.once('data', (data: Buffer) => done(data.toString().split('\n')[0] ?? ''));
    child.once('exit', () => failed(new Error(`${child.spawnargs.join(' ')} ended: ${said}`)));
  });
}

const PREFIX = 'triskel-lab-';

function spawnLab([program = '', ...args]: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What labs left behind whose owner is gone. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = existsSync(join(folder, 'owner')) ? readFileSync(join(folder, 'owner'), 'utf8') : undefined;
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) remove(folder);
  }
}

/** The folder of a lab that has ended, and its cgroup, wherever this machine has its cgroups of version 2. */
function remove(folder: string): void {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, place = '', type] = line.split(' ');
    const cgroup = join(place, basename(folder));
    if (type === 'cgroup2' && existsSync(cgroup)) removeCgroup(cgroup);
  }
  rmSync(folder, { recursive: true });
}

/** A cgroup is removed by removing its folder, which must hold no other; the files in it are the kernel's. */
function removeCgroup(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeCgroup(join(folder, entry.name));
  rmdirSync(folder);
}
