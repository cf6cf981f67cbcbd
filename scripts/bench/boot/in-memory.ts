import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from 'openstack-client-lite';
import { faulty } from '../../../test/support/openstack/faults.ts';
import { front } from '../../../test/support/openstack/front.ts';
import { manyNodes, unlimited } from '../../../test/support/openstack/many-nodes.ts';
import { memoryCloud } from '../../../test/support/openstack/memory/cloud.ts';
import { placeOf, type Booted } from './place.ts';

/** What a boot takes by the number of its nodes, on the cloud in memory, as a process that knows it by HTTP alone. */
export async function benchInMemory(folder: string, sizes: readonly number[]): Promise<void> {
  const runs: Run[] = [];
  for (const workers of sizes) {
    const run = await bootMany(join(folder, String(workers)), workers);
    runs.push(run);
    const { calls, booted } = run;
    console.log(
      `${String(run.nodes).padStart(4)} nodes: ${String(calls).padStart(5)} calls, ${perNode(calls, run)} a node; ` +
        `${booted.seconds.toFixed(1)} s, CPU ${booted.cpu.toFixed(1)} s, peak RSS ${booted.megabytes.toFixed(0)} MiB`,
    );
  }
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return;
  const between = last.nodes - first.nodes;
  const calls = (last.calls - first.calls) / between;
  const memory = ((last.booted.megabytes - first.booted.megabytes) * 1024) / between;
  console.log(`each node more: ${calls.toFixed(1)} calls, ${memory.toFixed(0)} KiB of memory`);
}

interface Run {
  readonly nodes: number;
  readonly calls: number;
  readonly booted: Booted;
}

function perNode(calls: number, { nodes }: Pick<Run, 'nodes'>): string {
  return (calls / nodes).toFixed(1);
}

async function bootMany(folder: string, workers: number): Promise<Run> {
  const memory = memoryCloud({ clock: systemClock });
  unlimited(memory.world);
  const { transport, calls } = faulty(memory.transport);
  const cloud = await front(transport);
  try {
    mkdirSync(folder, { recursive: true });
    const cloudsFile = join(folder, 'clouds.yaml');
    writeFileSync(cloudsFile, cloud.cloudsText);
    const booted = await (await placeOf(folder, manyNodes(workers), cloudsFile)).boot();
    return { nodes: workers + 3, calls: calls(), booted };
  } finally {
    await cloud.close();
  }
}
