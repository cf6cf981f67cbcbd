/**
 * Machines of one's own: real Debian systems, each booted by systemd-nspawn with its own systemd, on a network of the
 * lab's that leads nowhere else. A lab is a PID namespace: it ends with its first process, and all in it at once. Until
 * it is kept, that is also when this program ends, however it does. Needs root, and an image (generator/lab/image.sh).
 *
 *     const lab = await startLab('demo', ['192.0.2.1/24']);
 *     const machine = await lab.add({ name: 'cp0', image: join(imagesFolder(), 'trixie'), files: {…} }); // off
 *     await machine.start();
 *     await machine.cloudInit();                 // cloud-init has ended, well or not
 *     await machine.run('systemctl', '--failed'); machine.console(); machine.path('/etc/hosts');
 *     await lab.stop();
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import diskScript from '../../lab/disk.sh';
import labScript from '../../lab/lab.sh';
import mirrorProgram from '../../lab/mirror.py';
import nodeScript from '../../lab/node.sh';
import servingProgram from '../../lab/serving.py';
import {
  cgroupOf,
  isRunning,
  labFolder,
  labNames,
  makeLabFolder,
  removeLab,
  runningOf,
  type Running,
} from './folders.ts';
import { addMachine, machineOf, type Machine, type MachineSpec, type Place } from './machine.ts';
import { runHere, runInTime, spawnApart, type Run } from './running.ts';

/** Programs that run inside of labs, by the name of their file. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'lab.sh': labScript,
  'node.sh': nodeScript,
  'disk.sh': diskScript,
  'mirror.py': `${servingProgram}\n\n${mirrorProgram}`,
};

/** A network with machines on it. */
export interface Lab {
  readonly name: string;
  /** Its folder, for files that its programs read. Only root may look into it. */
  readonly folder: string;
  /** A folder of the lab's, seen from outside its namespaces. */
  readonly path: (path: string) => string;
  /** A new machine, switched off. */
  readonly add: (spec: MachineSpec) => Promise<Machine>;
  /** The machines that were added, by name. */
  readonly machines: () => ReadonlyMap<string, Machine>;
  /** Runs a program that is on the network, at the lab's own address. */
  readonly run: (...command: string[]) => Promise<Run>;
  /** Starts a program there, which writes to a log of the lab's; it ends with the lab at the latest. */
  readonly start: (log: string, ...command: string[]) => ChildProcess;
  /** The words that lead a command into the lab's namespaces. */
  readonly enter: readonly string[];
  /**
   * Undefined: this program is on the lab's network. Else it has run once more, with the same arguments and on the same
   * terminal, as a program that is, and this is the exit code; a program cannot change its own network.
   */
  readonly onNetwork: () => Promise<number | undefined>;
  /** From now on the lab goes on when this program ends. */
  readonly keep: () => void;
  readonly stop: () => Promise<void>;
}

/** A new lab; undefined when there is one of this name. `cidrs`: its own addresses, with the lengths of their networks' prefixes. */
export async function startLab(name: string, cidrs: readonly string[]): Promise<Lab | undefined> {
  sweepLabs();
  if (!makeLabFolder(name)) return undefined;
  const folder = labFolder(name);
  for (const [file, text] of Object.entries(PROGRAMS)) writeFileSync(join(folder, file), text, { mode: 0o700 });
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(runningOf(process.pid)));
  const log = openSync(join(folder, 'lab.log'), 'w', 0o600);
  const namespaces = ['--mount', '--propagation', 'private', '--net', '--pid', '--fork', '--kill-child'];
  const holder = spawn('unshare', [...namespaces, join(folder, 'lab.sh'), folder, cgroupOf(name), ...cidrs], {
    stdio: ['pipe', log, log],
    detached: true,
  });
  while (!existsSync(join(folder, 'ready'))) {
    if (holder.exitCode !== null || holder.pid === undefined) {
      const said = readFileSync(join(folder, 'lab.log'), 'utf8').trim();
      removeLab(name);
      throw new Error(`the lab did not start: ${said}`);
    }
    await sleep(20);
  }
  const holderPid = String(holder.pid);
  const first = Number(readFileSync(`/proc/${holderPid}/task/${holderPid}/children`, 'utf8'));
  writeFileSync(join(folder, 'first.json'), JSON.stringify(runningOf(first)));
  holder.unref();
  return labOf(name, first, () => {
    holder.stdin?.end('keep\n');
    writeFileSync(join(folder, 'owner.json'), '{}');
  });
}

/** A lab that runs; undefined when there is none of this name. */
export function openLab(name: string): Lab | undefined {
  const first = readRunning(name, 'first.json');
  return first === undefined || !isRunning(first) ? undefined : labOf(name, first.pid, () => undefined);
}

/** The names of the labs that run. */
export function runningLabs(): string[] {
  return labNames().filter((name) => openLab(name) !== undefined);
}

/** Takes away what labs left behind that have ended, and gives their names. */
export function sweepLabs(): string[] {
  const gone = labNames().filter((name) => {
    // One that is just coming up has no first process yet, and an owner.
    const alive = [readRunning(name, 'first.json'), readRunning(name, 'owner.json')];
    return !alive.some((running) => running !== undefined && isRunning(running));
  });
  gone.forEach(removeLab);
  return gone;
}

function readRunning(name: string, file: string): Running | undefined {
  const path = join(labFolder(name), file);
  if (!existsSync(path)) return undefined;
  const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Running>;
  return found.pid === undefined ? undefined : { started: '', ...found, pid: found.pid };
}

function labOf(name: string, first: number, keep: () => void): Lab {
  const folder = labFolder(name);
  const path = (inside: string): string => join(`/proc/${String(first)}/root`, inside);
  const enter = ['nsenter', '--target', String(first), '--mount', '--net', '--pid', '--'];
  const place: Place = { folder, cgroup: cgroupOf(name), path, enter };
  const specs = join(folder, 'machines');
  mkdirSync(specs, { recursive: true });
  return {
    name,
    folder,
    path,
    enter,
    add: (spec) => addMachine(spec, readdirSync(specs).length, place),
    machines: () =>
      new Map(
        readdirSync(specs)
          .map((file) => file.replace(/\.json$/, ''))
          .sort()
          .map((node) => [node, machineOf(node, place)]),
      ),
    run: (...line) => runInTime([...enter, ...line]),
    start: (log, ...line) => spawnApart([...enter, ...line], join(folder, log)),
    onNetwork: () => {
      const network = (pid: string): string => readlinkSync(`/proc/${pid}/ns/net`);
      if (network('self') === network(String(first))) return Promise.resolve(undefined);
      return runHere(['nsenter', '--target', String(first), '--net', '--', process.execPath, ...process.argv.slice(1)]);
    },
    keep,
    stop: async () => {
      const running = runningOf(first);
      if (running !== undefined) process.kill(first, 'SIGKILL');
      while (running !== undefined && isRunning(running)) await sleep(20);
      await removed(name);
    },
  };
}

/** The kernel takes a moment to see that a cgroup is empty. */
async function removed(name: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      removeLab(name);
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(50);
    }
  }
}
