/** Files that are none, files that may not be read, and places that cannot be written: as a user meets them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { blueprintOf, workplace, type Workplace } from '../support/triskel.ts';

const BLUEPRINT = `${blueprintOf('demo', ['a'])}acknowledge: [{ code: review/single-control-plane, reason: only for a test }]\n`;

/** Runs shell lines in a workplace, bounded in time; `triskel` is the program. */
function shell(place: Workplace, lines: string): { code: number | null; output: string } {
  const script = `triskel() { ${process.execPath} ${resolve('dist/main.js')} "$@"; }; ${lines}`;
  const env = { PATH: process.env['PATH'], HOME: place.path('home'), TRISKEL_IDENTITY: place.path('identity.txt') };
  const ran = spawnSync('bash', ['-c', script], { cwd: place.folder, env, encoding: 'utf8', timeout: 50_000 });
  return { code: ran.status, output: ran.stdout + ran.stderr };
}

function prepared(): Workplace {
  const place = workplace({ 'demo.yaml': BLUEPRINT });
  mkdirSync(place.path('folder.yaml'));
  symlinkSync('loop.yaml', place.path('loop.yaml'));
  return place;
}

test.each([
  ['check folder.yaml', 'folder.yaml: error: it is a folder [parse/unreadable]'],
  ['generate loop.yaml', 'loop.yaml: error: its symbolic links go in a circle [parse/unreadable]'],
  ['diff blueprints/demo.yml', 'there is no such file. Did you mean "demo.yaml"? [parse/unreadable]'],
  ['pin blueprints/demo.yaml/', 'a part of the path is not a folder [parse/unreadable]'],
  ['secrets list /dev/zero', '/dev/zero: error: the file has more than 10 MiB [parse/too-large]'],
  ['kubeconfig /dev/null', '/dev/null: error: the file is empty [parse/empty]'],
  [`check ${'a'.repeat(300)}.yaml`, 'the name is too long [parse/unreadable]'],
  ["check $'a\\nerror: b.yaml'", 'a\ufffderror: b.yaml: error: there is no such file. [parse/unreadable]'],
  ['generate --output blueprints/demo.yaml', 'cannot be locked: something else has its name [output/unwritable]'],
  ['generate --output /proc/triskel', '/proc/triskel/demo cannot be locked: there is no such file [output/unwritable]'],
  ['kubeconfig --output folder.yaml blueprints/demo.yaml', '[secrets/no-store]'],
])('triskel %s: a mistake with its reason', (args, message) => {
  const place = prepared();
  const { code, output } = shell(place, `triskel ${args}`);
  expect(output).toContain(message);
  expect(code).toBe(1);
  expect([...place.files('.').keys()]).toEqual(['blueprints/demo.yaml']);
});

test('an output folder without a name is wrong usage', () => {
  const { code, output } = shell(prepared(), 'triskel generate --output ""');
  expect(output).toContain('It must not be empty.');
  expect(code).toBe(2);
});

test('a pipe is read, however slowly it is written, and one that stays silent is not waited for', () => {
  const place = prepared();
  expect(shell(place, 'triskel check <(sleep 0.2; cat blueprints/demo.yaml)').code).toBe(0);
  const { code, output } = shell(place, 'mkfifo silent.yaml && triskel check silent.yaml');
  expect(output).toContain('silent.yaml: error: nothing came out of it for ten seconds [parse/unreadable]');
  expect(code).toBe(1);
});

test.each([
  ['an identity without end', 'TRISKEL_IDENTITY=/dev/zero', ''],
  ['an identity that is a folder', 'TRISKEL_IDENTITY=folder.yaml', 'folder.yaml cannot be read: it is a folder'],
])('%s', (_what, assignment, message) => {
  const place = prepared();
  const limited = assignment.includes('/dev/zero') ? 'export TRISKEL_IDENTITY=/dev/zero' : `export ${assignment}`;
  const { code, output } = shell(place, `${limited}; triskel generate`);
  expect(code).toBe(1);
  expect(output).toContain(message === '' ? '/dev/zero cannot be read: it is too large' : message);
  expect(output).toContain('boot/ left as it was');
  expect([...place.files('blueprints').keys()]).toEqual(['demo.yaml']);
});

/** Root may do everything, so that these run as nobody. */
const AS_NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups';

test.each([
  ['a blueprint', 'chmod 0 blueprints/demo.yaml', 'blueprints/demo.yaml: error: permission denied [parse/unreadable]'],
  [
    'the folder of blueprints',
    'chmod 0 blueprints',
    'blueprints/demo.yaml: error: permission denied [parse/unreadable]',
  ],
  [
    'the output folder',
    'mkdir output; chmod 500 output',
    'output/demo cannot be locked: permission denied [output/unwritable]',
  ],
  [
    'a folder in it',
    'mkdir -p output/demo/nodes; chmod 500 output/demo/nodes',
    'permission denied [output/unwritable]',
  ],
  [
    'the store',
    'echo x >blueprints/demo.secrets.age; chmod 0 blueprints/demo.secrets.age',
    'blueprints/demo.secrets.age cannot be read: permission denied [secrets/store-access]',
  ],
  [
    'the place of the store',
    'chmod 500 blueprints',
    'blueprints/demo.secrets.age cannot be locked: permission denied [secrets/store-access]',
  ],
  [
    'the place of the identity',
    'mkdir config; chmod 500 config; export TRISKEL_IDENTITY=$PWD/config/a',
    'config/a cannot be written: permission denied [secrets/store-access]',
  ],
])('no permission for %s is told, and no key is left without its store', (_what, lines, message) => {
  const place = prepared();
  chmodSync(place.folder, 0o777);
  shell(place, 'chown -R 65534:65534 .');
  const program = `${process.execPath} ${resolve('dist/main.js')} generate blueprints/demo.yaml`;
  const { code, output } = shell(place, `${AS_NOBODY} bash -c '${lines}; ${program}'`);
  expect(output).toContain(message);
  expect(code).toBe(1);
  const payloads = shell(
    place,
    'find output -name "*.user-data" 2>/dev/null; find output -name "*unfinished*" 2>/dev/null',
  );
  expect(payloads.output).toBe('');
});

test('a file system that is read-only is told, for the tree and for the store', () => {
  const readOnly = (folder: string): { code: number | null; output: string } => {
    const place = prepared();
    const program = `${process.execPath} ${resolve('dist/main.js')} generate`;
    return shell(
      place,
      `mkdir output; unshare --mount bash -c 'mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder} && ${program}'; code=$?; find output -name "*.user-data"; exit $code`,
    );
  };
  expect(readOnly('output').output).toContain(
    'output/demo cannot be locked: the file system is read-only [output/unwritable]',
  );
  const store = readOnly('blueprints');
  expect(store.output).toContain(
    'blueprints/demo.secrets.age cannot be locked: the file system is read-only [secrets/store-access]',
  );
  expect(store.output).not.toContain('.user-data');
  expect(store.code).toBe(1);
});
