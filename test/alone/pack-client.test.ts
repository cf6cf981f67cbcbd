/** The package openstack-client-lite as others get it: packed, unpacked elsewhere beside its dependencies, type-checked and run. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageJson } from '../laws/packages.ts';
import { run, runBeside } from '../support/programs.ts';
import { serve } from '../support/server.ts';

const NAME = 'openstack-client-lite';
const SOURCE = `generator/${NAME}`;
const { version, dependencies = {} } = JSON.parse(readFileSync(`${SOURCE}/package.json`, 'utf8')) as PackageJson & {
  version: string;
};
let folder = '';
let packed: string[] = [];

function must(program: string, ...args: string[]): string {
  const { code, output } = run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${output}`);
  return output;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-pack-'));
  try {
    must('npm', 'pack', '--workspace', NAME, '--pack-destination', folder);
  } finally {
    rmSync(`${SOURCE}/dist`, { recursive: true, force: true });
  }
  const tarball = join(folder, `${NAME}-${version}.tgz`);
  packed = must('tar', '-tzf', tarball).trimEnd().split('\n');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, NAME), { recursive: true });
  mkdirSync(join(modules, '@types'));
  must('tar', '-xzf', tarball, '--strip-components=1', '-C', join(modules, NAME));
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types'])
    symlinkSync(resolve('node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the packed client', () => {
  test('is JavaScript, types and papers', () => {
    const others = packed.filter((path) => !/^package\/dist\/.*\.(js|d\.ts)$/.test(path)).sort();
    expect(others).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
  });

  test('has types that hold, and refuse what is wrong', () => {
    const program = `
      import { connect, networkTransport, systemClock, type Server } from '${NAME}';
      const cloud = connect({ authUrl: '', auth: { type: 'token', token: '' }, transport: networkTransport().send, clock: systemClock });
      export const servers: Promise<Server[]> = cloud.compute.servers.list({ tags: 'x' });
      // @ts-expect-error: a port has no network without its id
      void cloud.network.ports.create({ name: 'x' });
    `;
    writeFileSync(join(folder, 'program.ts'), program);
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    must('node_modules/.bin/tsc', '--project', folder);
  });

  test('runs, with nothing but the network that it is given', async () => {
    const server = await serve({
      '*': (_request, response) => void response.writeHead(401).end('{"error":{"message":"no"}}'),
    });
    const program = `
      import { connect, networkTransport, systemClock } from '${NAME}';
      const auth = { type: 'password', user: { name: 'a' }, password: 'b' };
      const { send: transport, close } = networkTransport({ noProxy: '*' });
      const cloud = connect({ authUrl: process.argv[2], auth, transport, clock: systemClock });
      await cloud.network.networks.list().catch(({ name, kind, message }) => console.log(name, kind, message));
      await close();
    `;
    writeFileSync(join(folder, 'program.mjs'), program);
    const { output } = await runBeside('node', [join(folder, 'program.mjs'), server.url]);
    await server.close();
    expect(output.trim()).toBe('CloudError unauthorized identity: POST /auth/tokens: no (HTTP 401)');
  });
});
