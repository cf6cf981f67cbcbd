import { spawn } from 'node:child_process';

/** What a program did: its exit code and all that it wrote. */
export interface Run {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end, while others run too; what takes longer than `seconds` is killed, with code 255. */
export function runInTime([program = '', ...args]: readonly string[], seconds = 120): Promise<Run> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.once('error', failed);
    child.once('close', (code) => {
      done({ code: code ?? 255, output });
    });
  });
}
