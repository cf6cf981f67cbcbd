import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** What a program did: its exit code and all that it wrote. A program that is not installed is an error. */
export interface Run {
  readonly code: number;
  readonly output: string;
}

/** The environment variable by which scripts of the nodes find who reports for them; here, a line of output. */
export const REPORT = { TRISKEL_REPORT: resolve('test/support/report.sh') };

/** Runs a program to its end; `input` is its standard input. */
export function run(
  program: string,
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Run {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    input: options.input ?? '',
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...REPORT, ...options.env },
  });
  if (error !== undefined) throw error;
  return { code: status ?? 255, output: `${stdout}${stderr}` };
}

/** The same beside a server of this process, which answers meanwhile. */
export function runBeside(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 255, output }));
  });
}
