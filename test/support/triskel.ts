/** The program as users run it: dist/main.js as a process of its own, in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';

const PROGRAM = resolve('dist/main.js');

/** A public key of nobody. */
export const SSH_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFRyaXNrZWwgZm9yZ2VzIHRoZSBleGFtcGxlIGtleSAx a@example.org';

/** What a run did. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A user's folder, with an identity and nothing else. */
export interface Workplace {
  readonly folder: string;
  readonly run: (...args: string[]) => Ran;
  readonly runWith: (env: NodeJS.ProcessEnv, ...args: string[]) => Ran;
  readonly runWithInput: (input: string, ...args: string[]) => Ran;
  /** The same beside servers of this process, which answer meanwhile. */
  readonly runBeside: (env: NodeJS.ProcessEnv, ...args: string[]) => Promise<Ran>;
  /** The same without waiting for its end. */
  readonly start: (...args: string[]) => ChildProcess;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  readonly path: (path: string) => string;
  /** Every file below a folder, by path, with its modification time. */
  readonly files: (path: string) => Map<string, number>;
}

/** Blueprints by file name; they lie in blueprints/. The folder goes when the test ends. */
export function workplace(blueprints: Readonly<Record<string, string>> = {}): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = (relative: string): string => join(folder, relative);
  const write = (relative: string, content: string): void => {
    mkdirSync(dirname(path(relative)), { recursive: true });
    writeFileSync(path(relative), content);
  };
  for (const [name, content] of Object.entries(blueprints)) write(`blueprints/${name}`, content);
  const { PATH, TRISKEL_IMAGES } = process.env;
  const base = { PATH, TRISKEL_IMAGES, HOME: path('home'), TRISKEL_IDENTITY: path('identity.txt') };
  const spawned = (env: NodeJS.ProcessEnv, input: string, args: readonly string[]): Ran => {
    const ran = spawnSync(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env: { ...base, ...env },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      input,
    });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  };
  return {
    folder,
    run: (...args) => spawned({}, '', args),
    runWith: (env, ...args) => spawned(env, '', args),
    runWithInput: (input, ...args) => spawned({}, input, args),
    runBeside: async (env, ...args) => {
      const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env: { ...base, ...env } });
      const code = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await code, out, err };
    },
    start: (...args) => spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env: base }),
    write,
    read: (relative) => readFileSync(path(relative), 'utf8'),
    path,
    files: (relative) =>
      new Map(
        readdirSync(path(relative), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
          .map((file) => [file.slice(path(relative).length + 1), statSync(file).mtimeMs]),
      ),
  };
}

/** A blueprint of Debian nodes: one control plane behind no load balancer, or three behind one. */
export function blueprintOf(name: string, nodes: readonly string[], more = ''): string {
  const endpoint = nodes.length > 1 ? 'endpoint: { type: external, internal: 192.0.2.5:6443 }\n' : '';
  const lines = nodes.map(
    (node, index) => `  - { name: ${node}, roles: [control-plane, worker], address: 192.0.2.${String(10 + index)} }\n`,
  );
  return `apiVersion: triskel/v1
name: ${name}
${endpoint}network: { nodes: 192.0.2.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [${SSH_KEY}] }] }
nodes:
${lines.join('')}${more}`;
}

/** Three nodes on Debian, all of them everything. */
export const THREE = blueprintOf('demo', ['a', 'b', 'c']);

/** A folder with this blueprint, and what `generate` makes of it: one run's files for all tests, each with a copy of its own. */
export function generated(blueprint = THREE): Workplace {
  const place = workplace({ 'demo.yaml': blueprint });
  const made = known.get(blueprint);
  if (made !== undefined) {
    copyInto(place.folder, made);
  } else {
    expect(place.run('generate')).toMatchObject({ code: 0 });
    known.set(blueprint, entriesOf(place.folder));
  }
  return place;
}

/** What one run made, by blueprint. */
const known = new Map<string, readonly Entry[]>();

/** A file, or a folder without content. */
interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer | undefined;
}

/** All that is below a folder, each folder before what it has. */
function entriesOf(folder: string): Entry[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const stat = statSync(join(folder, path));
      return { path, mode: stat.mode, content: stat.isFile() ? readFileSync(join(folder, path)) : undefined };
    });
}

function copyInto(folder: string, entries: readonly Entry[]): void {
  for (const { path, mode, content } of entries) {
    if (content === undefined) mkdirSync(join(folder, path), { recursive: true, mode });
    else writeFileSync(join(folder, path), content, { mode });
  }
}
