import { rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { awayByHand, byHand, runByHand, type Command } from '../../../test/support/openstack/by-hand.ts';
import { clientOf, lab, lbaasOnLab, startLab } from '../../../test/support/openstack/lab.ts';
import { runProgram } from '../measure.ts';
import { criticalPath, total, type Timed } from './critical-path.ts';
import { USER_DATA_LENGTH } from './payload.ts';
import { servicesCpu } from './services-cpu.ts';
import { FILE, placeOf, type Booted, type Event, type Place } from './place.ts';

const client = clientOf('demo');

/** What openstack-lbaas takes on the lab: by `boot`, by commands, and one call after the other. */
export async function benchOnLab(folder: string, times: number): Promise<void> {
  const down = await startLab();
  try {
    const address = (await client(words('floating ip create public -f value -c floating_ip_address'))).trim();
    const place = await placeOf(join(folder, 'lab'), lbaasOnLab(address), lab.cloudsFile);
    const boots: (Booted & { readonly services: number })[] = [];
    // Services that have only just begun are slow once: they log in, and load what they have not yet needed.
    for (let count = 0; count <= times; count++) {
      const before = servicesCpu();
      const run = await place.boot();
      if (count > 0) boots.push({ ...run, services: servicesCpu() - before });
      await place.destroy();
    }
    const [booted] = boots.toSorted((a, b) => a.seconds - b.seconds);
    if (booted === undefined) throw new Error('no boot to measure');
    const all = boots.map(({ seconds }) => seconds.toFixed(1)).join(', ');
    console.log(`boot, the whole process, the fastest of ${all}:  ${shown(booted.seconds)}`);
    const processors = cpus().length;
    const least = (booted.services + booted.cpu) / processors;
    console.log(`  its own processor time:  ${shown(booted.cpu)}`);
    console.log(`  that of the services meanwhile:  ${shown(booted.services)}`);
    console.log(`  what ${String(processors)} processors need at least for both:  ${shown(least)}`);
    const steps = await oneByOne(place);
    await place.destroy();
    const path = criticalPath(steps);
    const critical = total(path);
    const beside = criticalPath(measured(booted.events, steps));
    told('the critical path of its calls, as they took in this very boot', beside);
    const calls = steps.filter((step) => step.with === undefined).length;
    console.log(
      `its ${String(steps.length)} resources by ${String(calls)} calls, one by one, on services that do nothing else:  ${shown(total(steps))}`,
    );
    told('the critical path of these', path);
    const byCommands = await commands(address);
    const timesOf = (seconds: number): string => `${(booted.seconds / seconds).toFixed(2)} ×`;
    console.log(`boot takes ${timesOf(total(beside))} the critical path of its own calls (target: at most 1.3),`);
    console.log(`  ${timesOf(critical)} that of calls that have the services for themselves,`);
    console.log(`  ${timesOf(least)} what the processors need at least for the boot and the services;`);
    console.log(`  and is ${(byCommands / booted.seconds).toFixed(1)} × as fast as the commands (target: at least 3)`);
    await client(words(`floating ip delete ${address}`));
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
  return steps.map((step) => ({
    ...step,
    seconds: step.with === undefined ? at(step.key, 'done') - at(step.key, 'begun') : 0,
  }));
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

function told(what: string, path: readonly Timed[]): void {
  console.log(`  ${what}:  ${shown(total(path))}`);
  for (const { key, seconds } of path) if (seconds > 0) console.log(`    ${shown(seconds)}  ${key}`);
}

function shown(seconds: number): string {
  return `${seconds.toFixed(2).padStart(6)} s`;
}

function words(command: string): string[] {
  return command.split(' ');
}
