import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What a run of the program took. */
export interface Figures {
  /** From the outside: the whole process. */
  readonly seconds: number;
  /** Seconds of all processors together, in the program and in the kernel. */
  readonly cpu: number;
  readonly megabytes: number;
}

/** Tells on descriptor 3 what the process has used when it ends. */
const METER = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));
`)}`;

export interface RunOptions {
  readonly program?: string;
  /** Options of Node's. */
  readonly node?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the program in a folder, with an identity of its own there. Throws when it fails. */
export async function runProgram(
  folder: string,
  args: readonly string[],
  { program = resolve('dist/main.js'), node = [], env = {} }: RunOptions = {},
): Promise<Figures & { readonly output: string }> {
  const start = performance.now();
  const child = spawn(process.execPath, [...node, '--import', METER, program, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TRISKEL_IDENTITY: join(folder, 'identity.txt'), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const streams = child.stdio.slice(1).map((stream) => text(stream as Readable));
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const seconds = (performance.now() - start) / 1000;
  const [output = '', errors = '', meter = ''] = await Promise.all(streams);
  if (status !== 0) throw new Error(`triskel ${args.join(' ')} failed: ${output}${errors}`);
  const used = JSON.parse(meter) as NodeJS.ResourceUsage;
  return { output, seconds, cpu: (used.userCPUTime + used.systemCPUTime) / 1e6, megabytes: used.maxRSS / 1024 };
}

/** The run of middle length out of several. */
export async function medianOf<Run extends Figures>(times: number, run: () => Promise<Run>): Promise<Run> {
  const figures: Run[] = [];
  for (let count = 0; count < times; count++) figures.push(await run());
  return figures.sort((a, b) => a.seconds - b.seconds)[Math.floor(times / 2)] as Run;
}
