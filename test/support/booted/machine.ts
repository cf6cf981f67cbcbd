import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInTime, type Run } from './running.ts';

/** A machine as one orders it. */
export interface MachineSpec {
  /** Its host name for the lab; at most 15 characters, for it names a network interface, too. */
  readonly name: string;
  /** A folder that image.sh made. */
  readonly image: string;
  /** What the cloud lays on the disk before the first boot: path → content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Further options of systemd-nspawn. */
  readonly options?: readonly string[];
}

/** One machine; its disk stays when it is off, and goes with the lab. */
export interface Machine {
  readonly name: string;
  /**
   * The path of a file of the machine's, seen from outside: as its programs see it while it is on, else as it lies on its
   * disk. Links that begin with / lead elsewhere.
   */
  readonly path: (path: string) => string;
  /** The folder with what the disk has that the image does not: an overlay's upper layer. */
  readonly written: string;
  /** All that it wrote to its console since it was added. */
  readonly console: () => string;
  /** Power on. */
  readonly start: () => void;
  /** When systemd answers within it. */
  readonly up: () => Promise<void>;
  /** Runs a program as root; a time-out has the code 255. */
  readonly run: (...command: string[]) => Promise<Run>;
  /** Waits until cloud-init has ended: the code of `cloud-init status --wait --long` is 0, or 1 (errors), or 2 (recoverable ones). */
  readonly cloudInit: () => Promise<Run>;
  /** Switches off in order. */
  readonly stop: () => Promise<void>;
  /** Reboots from within, as an operator does. */
  readonly reboot: () => Promise<void>;
  /** Power loss. */
  readonly kill: () => Promise<void>;
}

/** Where a lab keeps its machines. */
export interface Place {
  readonly folder: string;
  readonly path: (path: string) => string;
  /** Leads into the lab's namespaces. */
  readonly enter: readonly string[];
  readonly script: string;
}

const ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8'];

/** A machine with the image's disk and the spec's files on it, switched off. */
export function addMachine(spec: MachineSpec, { folder, path, enter, script }: Place): Machine {
  const { name, image, files, options = [] } = spec;
  const place = join(folder, 'nodes', name);
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), content);
  };
  for (const layer of ['disk', 'work', 'root', 'containerd']) mkdirSync(path(join(place, layer)), { recursive: true });
  const layers = `lowerdir=${image}/root,upperdir=${place}/disk,workdir=${place}/work`;
  inLab('mount', '-t', 'overlay', name, '-o', layers, `${place}/root`);
  // An overlay cannot lie on an overlay, and containerd makes some.
  const binds = [`--bind=${place}/containerd:/var/lib/containerd`];
  write(join(place, 'options'), [...binds, ...options].join('\n'));
  const mac = createHash('sha256').update(name).digest('hex').slice(0, 6).match(/../g) ?? [];
  write(join(place, 'mac'), ['52:54:00', ...mac].join(':'));
  for (const [file, content] of Object.entries(files)) write(join(place, 'root', file), content);

  const log = path(join(place, 'console'));
  writeFileSync(log, '');
  let power: ChildProcess | undefined;

  /** The machine's first process, as this system numbers it. */
  const leader = (): number | undefined => {
    const procs = path(`/sys/fs/cgroup/${basename(folder)}/${name}/payload/init.scope/cgroup.procs`);
    const [first] = existsSync(procs) ? readFileSync(procs, 'utf8').split('\n') : [];
    return first === undefined || first === '' ? undefined : Number(first);
  };
  const run = (...command: string[]): Promise<Run> => {
    const pid = leader();
    if (pid === undefined) return Promise.resolve({ code: 255, output: `${name} is off` });
    // Without --no-fork, nsenter stops with its child when the machine shuts down, and holds it up.
    return runInTime([
      ...['nsenter', '--no-fork', '--target', String(pid), '--all', 'env', '-i', ...ENVIRONMENT],
      ...['sh', '-c', '"$@"; exit $?', 'sh', ...command],
    ]);
  };
  const off = async (): Promise<void> => {
    while (power !== undefined) await sleep(20);
  };
  const up = async (): Promise<void> => {
    while ((await run('systemctl', 'is-system-running')).output.match(/^(starting|running|degraded)/) === null) {
      if (power === undefined) throw new Error(`${name} ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
      await sleep(100);
    }
  };
  return {
    name,
    path: (file) => {
      const pid = leader();
      return pid === undefined ? path(join(place, 'root', file)) : join(`/proc/${String(pid)}/root`, file);
    },
    written: path(join(place, 'disk')),
    console: () => readFileSync(log, 'utf8'),
    start: () => {
      if (power !== undefined) throw new Error(`${name} is on`);
      const console = openSync(log, 'a');
      const [program, ...args] = [...enter, script, folder, name];
      power = spawn(program, args, { stdio: ['ignore', console, console] });
      power.once('exit', () => (power = undefined));
      closeSync(console);
    },
    up,
    run,
    cloudInit: async () => {
      await up();
      return run('cloud-init', 'status', '--wait', '--long');
    },
    stop: async () => {
      await run('systemctl', 'poweroff');
      await off();
    },
    reboot: async () => {
      const before = leader();
      await run('systemctl', 'reboot');
      while (leader() === before) await sleep(20);
      await up();
    },
    kill: async () => {
      const pid = leader();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      else power?.kill('SIGKILL');
      await off();
    },
  };

  function inLab(...command: readonly string[]): void {
    const [program = '', ...args] = [...enter, ...command];
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
