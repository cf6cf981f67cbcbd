import { rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { awayByHand, byHand, runByHand, type Command } from '../../../test/support/openstack/by-hand.ts';
import { clientOf, lab, lbaasOnLab, startLab } from '../../../test/support/openstack/lab.ts';
import { medianOf, runProgram } from '../measure.ts';
import { criticalPath, total, type Timed } from './critical-path.ts';
import { USER_DATA_LENGTH } from './payload.ts';
import { servicesCpu } from './services-cpu.ts';
import { FILE, placeOf, type Event, type Place } from './place.ts';

const client = clientOf('demo');

/** What openstack-lbaas takes on the lab: by `boot`, by commands, and one call after the other. */
export async function benchOnLab(folder: string, times: number): Promise<void> {
  const down = await startLab();
  try {
    const address = (await client([words('floating ip create public -f value -c floating_ip_address')])).trim();
    const place = await placeOf(join(folder, 'lab'), lbaasOnLab(address), lab.cloudsFile);
    const booted = await medianOf(times, async () => {
      const before = servicesCpu();
      const run = await place.boot();
      const services = servicesCpu() - before;
      await place.destroy();
      return { ...run, services };
    });
    const first = Math.min(...booted.events.map(({ seconds }) => seconds));
    console.log(`boot, the whole process, median of ${String(times)}:  ${shown(booted.seconds)}`);
    console.log(`  until its first step:  ${shown(first)}`);
    const processors = cpus().length;
    const least = booted.services / processors;
    console.log(`  processor time of the services meanwhile:  ${shown(booted.services)}`);
    console.log(`    which ${String(processors)} processors need at least:  ${shown(least)}`);
    const steps = await oneByOne(place);
    await place.destroy();
    const path = criticalPath(steps);
    const critical = total(path);
    console.log(
      `all ${String(steps.length)} steps one by one, on services that do nothing else:  ${shown(total(steps))}`,
    );
    console.log(`  the critical path of them:  ${shown(critical)}`);
    for (const { key, seconds } of path) console.log(`    ${shown(seconds)}  ${key}`);
    const beside = criticalPath(measured(booted.events, steps));
    console.log(`  the critical path of the boot's own steps, side by side:  ${shown(total(beside))}`);
    const byCommands = await commands(address);
    const { seconds } = booted;
    console.log(`boot takes ${(seconds / critical).toFixed(2)} × the critical path (target: at most 1.3),`);
    console.log(`${(seconds / total(beside)).toFixed(2)} × that of its own steps, `);
    console.log(`and is ${(byCommands / seconds).toFixed(1)} × as fast as the commands (target: at least 3)`);
    await client([words(`floating ip delete ${address}`)]);
  } finally {
    await down();
  }
}

async function oneByOne({ folder, env }: Place): Promise<readonly Timed[]> {
  const program = join(folder, '../one-by-one.js');
  const { output } = await runProgram(folder, [FILE], { program, env });
  return JSON.parse(output) as Timed[];
}

/** The steps as they were in a boot that makes as much at once as may be. */
function measured(events: readonly Event[], steps: readonly Timed[]): Timed[] {
  const at = (key: string, state: string): number =>
    events.find((event) => event.resource === key && event.state === state)?.seconds ?? NaN;
  return steps.map(({ key, needs }) => ({ key, needs, seconds: at(key, 'done') - at(key, 'begun') }));
}

/** Seconds of the commands that make the same; their opposite is not counted. */
async function commands(address: string): Promise<number> {
  const userData = '/tmp/triskel-user-data';
  writeFileSync(join(lab.root, userData), 'x'.repeat(USER_DATA_LENGTH * 0.75));
  const all = byHand(address, userData);
  const seconds = await timed(all);
  console.log(`${String(all.length)} openstack commands, one after the other:  ${shown(seconds)}`);
  await timed(awayByHand(address));
  rmSync(join(lab.root, userData));
  return seconds;
}

async function timed(list: readonly Command[]): Promise<number> {
  const start = performance.now();
  await runByHand(list, client);
  return (performance.now() - start) / 1000;
}

function shown(seconds: number): string {
  return `${seconds.toFixed(2).padStart(6)} s`;
}

function words(command: string): string[] {
  return command.split(' ');
}
