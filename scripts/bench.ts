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
  options: { folder: { type: 'string', default: tmpdir() }, nodes: { type: 'string', default: '5000' } },
});
const many = Number(values.nodes);
const folder = mkdtempSync(join(values.folder, 'triskel-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

console.log(`${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? '?'}, trees in ${values.folder}\n`);
row('', 'seconds', 'CPU', 'peak RSS', 'per node');
await startUp();
const few = 3;
const fifth = Math.round(many / 5);
for (const system of SYSTEMS) {
  const small = await generate(system, few, 5);
  const middle = await generate(system, fifth, 1);
  const large = await generate(system, many, 1);
  const growth = large.warm.cpu / many / (middle.warm.cpu / fifth);
  console.log(
    `${system}: a node of ${String(many)} costs ${growth.toFixed(2)} × the CPU of a node of ${String(fifth)}; cold takes ${ratio(large)} × warm, and ${ratio(small)} × with ${String(few)} nodes\n`,
  );
}
await stages();

async function startUp(): Promise<void> {
  show('triskel --version', await medianOf(10, () => runProgram(folder, ['--version'])));
  show('triskel --help', await medianOf(10, () => runProgram(folder, ['--help'])));
}

interface Runs {
  readonly cold: Figures;
  readonly warm: Figures;
}

function ratio({ cold, warm }: Runs): string {
  return (cold.seconds / warm.seconds).toFixed(1);
}

/** Cold: without keys, identity and output. Warm: all is there, and nothing changes. */
async function generate(system: System, nodes: number, times: number): Promise<Runs> {
  const place = placeOf(system, nodes);
  const cold = await medianOf(times, () => {
    forget(place);
    return runProgram(place, ['generate', 'b.yaml']);
  });
  const warm = await medianOf(times, () => runProgram(place, ['generate', 'b.yaml']));
  show(`generate, ${String(nodes)} nodes, ${system}, cold`, cold, nodes);
  show(`generate, ${String(nodes)} nodes, ${system}, warm`, warm, nodes);
  return { cold, warm };
}

/** By the names of functions, which only a readable bundle has. */
async function stages(): Promise<void> {
  const readable = join(folder, 'dist');
  await bundle(true, { outdir: readable, minify: false });
  for (const system of SYSTEMS) {
    const place = placeOf(system, many);
    forget(place);
    for (const run of ['cold', 'warm']) {
      const profiles = join(place, run);
      await runProgram(place, ['generate', 'b.yaml'], {
        program: join(readable, 'main.js'),
        node: ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
      });
      console.log(`\nwhere the time goes, ${String(many)} nodes, ${system}, ${run}:`);
      for (const { stage, milliseconds } of stagesOf(profiles))
        console.log(`${String(Math.round(milliseconds)).padStart(7)} ms  ${stage}`);
    }
  }
}

/** As on the first day: no keys, no identity, no output. */
function forget(place: string): void {
  for (const part of ['output', 'identity.txt', 'b.secrets.age'])
    rmSync(join(place, part), { recursive: true, force: true });
}

/** A user's folder with this blueprint. */
function placeOf(system: System, nodes: number): string {
  const place = join(folder, `${system}-${String(nodes)}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'b.yaml'), blueprintText(system, nodes));
  return place;
}

function show(what: string, { seconds, cpu, megabytes }: Figures, nodes = 0): void {
  const each = nodes === 0 ? '' : `${((1000 * seconds) / nodes).toFixed(2)} ms`;
  row(what, seconds.toFixed(2), cpu.toFixed(2), `${String(Math.round(megabytes))} MiB`, each);
}

function row(what: string, ...cells: readonly string[]): void {
  console.log(what.padEnd(42) + cells.map((cell) => cell.padStart(10)).join(''));
}
