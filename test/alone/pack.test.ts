/** The package as a user gets it: packed, installed in an empty folder without a registry, and run without a network. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, type Run } from '../support/programs.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
let folder = '';
let packed: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-pack-'));
  must('npm', 'pack', '--pack-destination', folder);
  const tarball = join(folder, `triskel-${version}.tgz`);
  packed = must('tar', '-tzf', tarball).trimEnd().split('\n');
  mkdirSync(join(folder, 'home'));
  must('npm', 'install', '--offline', '--no-audit', '--no-fund', '--prefix', join(folder, 'app'), tarball);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function must(program: string, ...args: string[]): string {
  const { code, output } = run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${output}`);
  return output;
}

/** The installed program in a user's folder, in a network namespace where nothing answers. */
function triskel(...args: string[]): Run {
  const program = join(folder, 'app/node_modules/.bin/triskel');
  const env = { HOME: join(folder, 'home'), XDG_CONFIG_HOME: '', TRISKEL_IDENTITY: '' };
  return run('sh', ['-c', 'cd "$0" && exec unshare --net "$@"', folder, program, ...args], { env });
}

describe('the package', () => {
  test('holds the bundle, the schema and the papers, and nothing else', () => {
    const others = packed.filter((path) => !/^package\/dist\/[\w-]+\.js$/.test(path)).sort();
    expect(others).toEqual([
      'package/CHANGELOG.md',
      'package/LICENSE',
      'package/README.md',
      'package/dist/THIRD-PARTY.txt',
      'package/generator/blueprint/blueprint.schema.json',
      'package/package.json',
    ]);
  });

  test('brings no other package', () => {
    expect(readdirSync(join(folder, 'app/node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['triskel']);
  });

  test('says its version', () => {
    expect(triskel('--version')).toEqual({ code: 0, output: `${version}\n` });
  });

  test('takes a newcomer from nothing to payloads', () => {
    const key =
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFZ1bGNhbiBmb3JnZXMgdGhlIGV4YW1wbGUga2V5IDAwMDE operator@example.org';
    const asked = ['--name', 'demo', '--os', 'debian', '--control-plane', '10.0.0.10,10.0.0.11,10.0.0.12'];
    const init = triskel('init', ...asked, '--endpoint', '10.0.0.5:6443', '--ssh-key', key);
    expect(init.output).toContain('wrote blueprints/demo.yaml');
    expect(init.code).toBe(0);
    const generate = triskel('generate', 'blueprints/demo.yaml');
    expect(generate.output).not.toContain('error');
    expect(generate.code).toBe(0);
    for (const node of readdirSync(join(folder, 'output/demo/nodes'))) {
      const payload = join(folder, 'output/demo/boot', `${node}.user-data`);
      expect(statSync(payload).mode & 0o777).toBe(0o600);
      expect(readFileSync(payload, 'latin1')).not.toContain('${triskel:');
    }
    expect(triskel('generate', '--check').code).toBe(0);
    expect(triskel('generate').output).toContain('; 0 files written, ');
  });
});
