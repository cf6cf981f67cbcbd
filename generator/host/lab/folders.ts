import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Holds a folder for each lab. A lab does not survive its machine's reboot, and neither does this. */
const LABS = '/run/triskel/labs';

/** Of the cgroup in which a lab's machines are. */
const CGROUP = 'triskel-lab-';

/** A program that is running: numbers are used again, so that its start (clock ticks since the machine's) is part of it. */
export interface Running {
  readonly pid: number;
  readonly started: string;
}

/** Where machine images lie, made once for all labs: $TRISKEL_IMAGES, or a folder of the user's cache. */
export function imagesFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return process.env['TRISKEL_IMAGES'] ?? join(cache, 'triskel/images');
}

/** The folder of a lab. */
export function labFolder(name: string): string {
  return join(LABS, name);
}

/** The name of the cgroup of a lab, below that of the machine itself. */
export function cgroupOf(name: string): string {
  return CGROUP + name;
}

/** The names of labs that have a folder, running or not. */
export function labNames(): string[] {
  return existsSync(LABS) ? readdirSync(LABS).sort() : [];
}

/** The running program of this number; undefined when there is none. */
export function runningOf(pid: number): Running | undefined {
  try {
    // proc_pid_stat(5): the 22nd field, counted from behind the name, which may have blanks in it.
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : { pid, started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** True while the program runs. */
export function isRunning({ pid, started }: Running): boolean {
  return runningOf(pid)?.started === started;
}

/** Makes a lab's folder; false when it is there already. */
export function makeLabFolder(name: string): boolean {
  mkdirSync(LABS, { recursive: true, mode: 0o700 });
  try {
    mkdirSync(labFolder(name), { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

/** Removes the folder of a lab that has ended, and its cgroup, wherever this machine has its cgroups of version 2. */
export function removeLab(name: string): void {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, place = '', type] = line.split(' ');
    const cgroup = join(place, cgroupOf(name));
    if (type === 'cgroup2' && existsSync(cgroup)) removeCgroup(cgroup);
  }
  rmSync(labFolder(name), { recursive: true, force: true });
}

/** A cgroup is removed by removing its folder, which must hold no other; the files in it are the kernel's. */
function removeCgroup(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeCgroup(join(folder, entry.name));
  rmdirSync(folder);
}
