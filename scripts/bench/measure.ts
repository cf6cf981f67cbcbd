import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

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

/** Runs the program in a folder, with an identity of its own there. Throws when it fails. */
export function runProgram(
  folder: string,
  args: readonly string[],
  { program = resolve('dist/main.js'), node = [] as readonly string[] } = {},
): Figures {
  const start = performance.now();
  const { status, output } = spawnSync(process.execPath, [...node, '--import', METER, program, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TRISKEL_IDENTITY: join(folder, 'identity.txt') },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`triskel ${args.join(' ')} failed: ${output[2] ?? ''}`);
  const used = JSON.parse(output[3] ?? '') as NodeJS.ResourceUsage;
  return { seconds, cpu: (used.userCPUTime + used.systemCPUTime) / 1e6, megabytes: used.maxRSS / 1024 };
}

/** The run of middle length out of several. */
export function medianOf(times: number, run: () => Figures): Figures {
  const figures = Array.from({ length: times }, run).sort((a, b) => a.seconds - b.seconds);
  return figures[Math.floor(times / 2)] as Figures;
}
