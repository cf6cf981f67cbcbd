import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstLine, runHere, runInTime, spawnApart, type Run } from './running.ts';

/** A machine as one orders it. */
export interface MachineSpec {
  /** Its host name for the lab. */
  readonly name: string;
  /** A folder that holds an image as `root`. */
  readonly image: string;
  /** What the cloud lays on the disk before the first boot: path → content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The name of its network interface. Default: eth0. */
  readonly interface?: string;
  /** Further disks, which are empty at first. They need loop devices. */
  readonly disks?: readonly { readonly device: string; readonly mebibytes: number }[];
}

/** One machine; its disk stays when it is off, and goes with the lab. */
export interface Machine {
  readonly name: string;
  /**
   * The path of a file of the machine's, seen from outside: as its programs see it while it is on, else as it lies on its
   * disk. Links that begin with / lead elsewhere.
   */
  readonly path: (path: string) => string;
  /** Its network namespace in the lab, which is there while it is on. */
  readonly namespace: string;
  /** The folder with what the disk has that the image does not: an overlay's upper layer. */
  readonly written: string;
  /** All that it wrote to its console since it was added. */
  readonly console: () => string;
  /** The file with that text. */
  readonly consoleFile: string;
  /** Power is on. */
  readonly isOn: () => boolean;
  /** Power on. */
  readonly start: () => Promise<void>;
  /** When systemd answers within it. */
  readonly up: () => Promise<void>;
  /** Runs a program as root; a time-out has the code 255. */
  readonly run: (...command: string[]) => Promise<Run>;
  /** Runs a program as root on this program's own terminal, and gives its exit code. */
  readonly attend: (...command: string[]) => Promise<number>;
  /** Waits until cloud-init has ended: the code of `cloud-init status --wait --long` is 0, or 1 (errors), or 2 (recoverable ones). */
  readonly cloudInit: () => Promise<Run>;
  /** Switches off in order. */
  readonly stop: () => Promise<void>;
  /** Reboots from within, as an operator does. */
  readonly reboot: () => Promise<void>;
  /** Power loss. */
  readonly kill: () => Promise<void>;
  /** Its frames are dropped; the carrier stays, as when a switch fails. */
  readonly cut: () => Promise<void>;
  readonly heal: () => Promise<void>;
  /** True between the two. */
  readonly isCut: () => boolean;
  /** Power loss, and then a new, empty disk with what the cloud laid on it. It stays off. */
  readonly reset: () => Promise<void>;
}

/** Where a lab keeps its machines. */
export interface Place {
  readonly folder: string;
  /** Below the root of cgroup v2. */
  readonly cgroup: string;
  readonly path: (path: string) => string;
  /** Leads into the lab's namespaces. */
  readonly enter: readonly string[];
}

const ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8'];

/** A spec as it is kept, so that the machine can be made once more: contents in base64. */
interface Kept extends Omit<MachineSpec, 'files'> {
  readonly files: Readonly<Record<string, string>>;
  readonly number: number;
}

/** A machine with the image's disk and the spec's files on it, switched off. `number`: no other of the lab has it. */
export async function addMachine(spec: MachineSpec, number: number, place: Place): Promise<Machine> {
  const files = Object.entries(spec.files).map(([path, content]) => [path, Buffer.from(content).toString('base64')]);
  const kept: Kept = { ...spec, files: Object.fromEntries(files) as Record<string, string>, number };
  writeFileSync(specFile(spec.name, place), JSON.stringify(kept), { mode: 0o600 });
  await makeDisk(kept, place);
  return machineOf(spec.name, place);
}

function specFile(name: string, { folder }: Place): string {
  return join(folder, 'machines', `${name}.json`);
}

async function makeDisk(kept: Kept, { folder, path, enter }: Place): Promise<void> {
  const { name, image, files, number, disks } = kept;
  const own = join(folder, 'nodes', name);
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), content);
  };
  for (const layer of ['disk', 'work', 'root', 'containerd']) mkdirSync(path(join(own, layer)), { recursive: true });
  const layers = `lowerdir=${image}/root,upperdir=${own}/disk,workdir=${own}/work`;
  const mounted = await runInTime([...enter, 'mount', '-t', 'overlay', name, '-o', layers, `${own}/root`]);
  if (mounted.code !== 0) throw new Error(`${name} has no disk: ${mounted.output}`);
  // An overlay cannot lie on an overlay, and containerd makes some.
  const options = [`--bind=${own}/containerd:/var/lib/containerd`];
  // What a volume of GlusterFS is mounted through; systemd-nspawn has it in no machine by itself.
  if (existsSync('/dev/fuse')) options.push('--bind=/dev/fuse');
  for (const [index, { device, mebibytes }] of (disks ?? []).entries()) {
    const making = [`${folder}/disk.sh`, `${own}/disk${String(index)}`, String(mebibytes)];
    options.push(`--bind=${await firstLine([...enter, ...making])}:${device}`);
  }
  write(join(own, 'options'), options.join('\n'));
  write(join(own, 'interface'), kept.interface ?? 'eth0');
  write(join(own, 'link'), `n${String(number)}`);
  const mac = createHash('sha256').update(name).digest('hex').slice(0, 6).match(/../g) ?? [];
  write(join(own, 'mac'), ['52:54:00', ...mac].join(':'));
  for (const [file, content] of Object.entries(files)) write(join(own, 'root', file), Buffer.from(content, 'base64'));
  appendFileSync(consoleFile(name, { folder }), '', { mode: 0o600 });
}

function consoleFile(name: string, { folder }: Pick<Place, 'folder'>): string {
  return join(folder, `${name}.console`);
}

/** A machine that was added before, by this program or another. */
export function machineOf(name: string, place: Place): Machine {
  const { folder, cgroup, path, enter } = place;
  const own = join(folder, 'nodes', name);
  const log = consoleFile(name, place);
  const node = (action: string): string[] => [...enter, `${folder}/node.sh`, folder, cgroup, name, action];
  const switched = async (action: string): Promise<void> => {
    const { code, output } = await runInTime(node(action));
    if (code !== 0) throw new Error(`${name}: ${action} failed: ${output}`);
  };

  const isOn = (): boolean => {
    const events = path(`/sys/fs/cgroup/${cgroup}/${name}/cgroup.events`);
    return existsSync(events) && readFileSync(events, 'utf8').includes('populated 1');
  };
  /** The machine's first process, as this system numbers it. */
  const leader = (): number | undefined => {
    const procs = path(`/sys/fs/cgroup/${cgroup}/${name}/payload/init.scope/cgroup.procs`);
    const [first] = existsSync(procs) ? readFileSync(procs, 'utf8').split('\n') : [];
    return first === undefined || first === '' ? undefined : Number(first);
  };
  const inside = (pid: number, command: readonly string[], environment: readonly string[]): string[] => [
    // Without --no-fork, nsenter stops with its child when the machine shuts down, and holds it up.
    ...['nsenter', '--no-fork', '--target', String(pid), '--all', 'env', '-i', ...environment],
    ...['sh', '-c', '"$@"; exit $?', 'sh', ...command],
  ];
  const run = (...command: string[]): Promise<Run> => {
    const pid = leader();
    if (pid === undefined) return Promise.resolve({ code: 255, output: `${name} is off` });
    return runInTime(inside(pid, command, ENVIRONMENT));
  };
  const off = async (): Promise<void> => {
    while (isOn()) await sleep(20);
  };
  const up = async (): Promise<void> => {
    while ((await run('systemctl', 'is-system-running')).output.match(/^(starting|running|degraded)/) === null) {
      if (!isOn()) throw new Error(`${name} ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
      await sleep(100);
    }
  };
  const kill = async (): Promise<void> => {
    await switched('kill');
    await off();
  };
  return {
    name,
    path: (file) => {
      const pid = leader();
      return pid === undefined ? path(join(own, 'root', file)) : join(`/proc/${String(pid)}/root`, file);
    },
    get namespace() {
      return readFileSync(path(join(own, 'link')), 'utf8');
    },
    written: path(join(own, 'disk')),
    console: () => readFileSync(log, 'utf8'),
    consoleFile: log,
    isOn,
    start: async () => {
      if (isOn()) throw new Error(`${name} is on`);
      const power = spawnApart(node('on'), log);
      while (!isOn() && power.exitCode === null) await sleep(5);
    },
    up,
    run,
    attend: (...command) => {
      const pid = leader();
      const terminal = `TERM=${process.env['TERM'] ?? 'dumb'}`;
      return pid === undefined ? Promise.resolve(255) : runHere(inside(pid, command, [...ENVIRONMENT, terminal]));
    },
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
    kill,
    cut: () => switched('cut'),
    heal: () => switched('heal'),
    isCut: () => existsSync(path(join(own, 'cut'))),
    reset: async () => {
      await kill();
      await switched('wipe');
      await makeDisk(JSON.parse(readFileSync(specFile(name, place), 'utf8')) as Kept, place);
    },
  };
}
