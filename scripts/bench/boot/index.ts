import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { LAB } from '../../../test/support/openstack/lab.ts';
import { benchInMemory } from './in-memory.ts';
import { benchOnLab } from './on-lab.ts';

/** Workers of the clusters that are booted in memory, beside three control-plane nodes. */
const SIZES = [25, 50, 100, 200];

/** `folder` has the bundled programs, and may be filled. */
export async function benchBoot(folder: string, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { part: { type: 'string', default: 'all' }, times: { type: 'string', default: '3' } },
  });
  const load = loadavg().map((one) => one.toFixed(1));
  console.log(`${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? '?'}, load ${load.join(', ')}\n`);
  if (values.part !== 'lab') await benchInMemory(folder, SIZES);
  if (values.part === 'memory') return;
  if (LAB === undefined) console.log('\nthe lab is left out: TRISKEL_OPENSTACK does not say where it is');
  else await benchOnLab(folder, Number(values.times));
}
