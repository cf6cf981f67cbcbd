import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

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

/** Runs a program on this program's own terminal, and gives its exit code. */
export function runHere([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', failed);
    child.once('close', (code) => done(code ?? 255));
  });
}

/** Starts a program that goes on when this one ends; what it writes is added to a file. */
export function spawnApart([program = '', ...args]: readonly string[], log: string): ChildProcess {
  const file = openSync(log, 'a', 0o600);
  const child = spawn(program, args, { stdio: ['ignore', file, file], detached: true });
  closeSync(file);
  child.unref();
  return child;
}

/** Starts a program that goes on when this one ends, and gives the first line that it writes; an error when it ends without one. */
export function firstLine([program = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let said = '';
    let line = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      line += data.toString();
      // A line may come in parts; who is not read any more before its end fails.
      if (!line.includes('\n')) return;
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      done(line.split('\n')[0] ?? '');
    });
    child.once('error', failed);
    child.once('exit', () => failed(new Error(`${child.spawnargs.join(' ')} ended: ${said}`)));
  });
}
