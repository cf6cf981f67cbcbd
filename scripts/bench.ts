/**
 * `npm run bench`: how long the program takes as a whole process, and where the time goes. Figures for people; nothing
 * is tested against them. `npm run bench -- --folder /dev/shm` says where the trees are written: slow disks show.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { blueprintText, SYSTEMS, type System } from './bench/blueprints.ts';
import { medianOf, runProgram, type Figures } from './bench/measure.ts';
import { stagesOf } from './bench/stages.ts';
import { bundle } from './build/bundle.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string', default: tmpdir() }, nodes: { type: 'string', default: '1000' } },
});
const many = Number(values.nodes);
const folder = mkdtempSync(join(values.folder, 'triskel-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

console.log(`${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? '?'}, trees in ${values.folder}\n`);
row('', 'seconds', 'CPU', 'peak RSS', 'per node');
startUp();
const whole = SYSTEMS.map((system) => ({ system, few: generate(system, 3, 5), most: generate(system, many, 1) }));
console.log('');
for (const { system, few, most } of whole) {
  const quarter = generate(system, Math.round(many / 4), 1, false);
  const growth = most.warm.seconds / many / (quarter.warm.seconds / Math.round(many / 4));
  console.log(
    `${system}: a node of ${String(many)} takes ${growth.toFixed(2)} × the time of a node of ${String(Math.round(many / 4))}; cold takes ${(most.cold.seconds / most.warm.seconds).toFixed(1)} × warm, and ${(few.cold.seconds / few.warm.seconds).toFixed(1)} × with 3 nodes`,
  );
}
await stages();

function startUp(): void {
  show(
    'triskel --version',
    medianOf(10, () => runProgram(folder, ['--version'])),
  );
  show(
    'triskel --help',
    medianOf(10, () => runProgram(folder, ['--help'])),
  );
}

/** Cold: without keys, identity and output. Warm: all is there, and nothing changes. */
function generate(system: System, nodes: number, times: number, shown = true): { cold: Figures; warm: Figures } {
  const place = placeOf(system, nodes);
  const cold = medianOf(times, () => {
    for (const part of ['output', 'identity.txt', 'b.secrets.age'])
      rmSync(join(place, part), { recursive: true, force: true });
    return runProgram(place, ['generate', 'b.yaml']);
  });
  const warm = medianOf(times, () => runProgram(place, ['generate', 'b.yaml']));
  if (shown) {
    show(`generate, ${String(nodes)} nodes, ${system}, cold`, cold, nodes);
    show(`generate, ${String(nodes)} nodes, ${system}, warm`, warm, nodes);
  }
  return { cold, warm };
}

/** By the names of functions, which only a readable bundle has. */
async function stages(): Promise<void> {
  const readable = join(folder, 'dist');
  await bundle(true, { outdir: readable, minify: false });
  for (const system of SYSTEMS) {
    const place = placeOf(system, many);
    const profiles = join(place, 'profiles');
    runProgram(place, ['generate', 'b.yaml'], {
      program: join(readable, 'main.js'),
      node: ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
    });
    console.log(`\nwhere the time goes, ${String(many)} nodes, ${system}, warm:`);
    for (const { stage, milliseconds } of stagesOf(profiles))
      console.log(`${String(Math.round(milliseconds)).padStart(7)} ms  ${stage}`);
  }
}

/** A user's folder with this blueprint. */
function placeOf(system: System, nodes: number): string {
  const place = join(folder, `${system}-${String(nodes)}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'b.yaml'), blueprintText(system, nodes));
  return place;
}

function show(what: string, { seconds, cpu, megabytes }: Figures, nodes = 0): void {
  const each = nodes === 0 ? '' : `${((1000 * seconds) / nodes).toFixed(1)} ms`;
  row(what, seconds.toFixed(2), cpu.toFixed(2), `${String(Math.round(megabytes))} MiB`, each);
}

function row(what: string, ...cells: readonly string[]): void {
  console.log(what.padEnd(42) + cells.map((cell) => cell.padStart(10)).join(''));
}
