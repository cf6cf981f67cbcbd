import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB } from '../../../test/support/openstack/lab.ts';

/** Of a second; fixed for user space (time(7)). */
const TICKS = 100;

/** Seconds of processor time that all processes of the lab have used since they began; each of its daemons is a process group. */
export function servicesCpu(): number {
  const folder = join(LAB ?? '', 'run');
  const groups = new Set(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').split(' ')[0]));
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter(([, , group]) => groups.has(group))
    // utime and stime (proc(5), fields 14 and 15 of stat).
    .map((fields) => Number(fields[11]) + Number(fields[12]));
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS;
}

/** Fields of stat behind the name, which may hold anything: state, parent, group and so on. Empty: the process is gone. */
function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}
