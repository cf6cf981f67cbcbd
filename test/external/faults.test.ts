/**
 * A run that is killed, refused by the disk or not alone: whatever it wrote is whole, the next run mends the rest, and no
 * key is lost. strace kills or refuses at the nth call of a kind, so that no point in time is left to chance.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blueprintOf, workplace, type Workplace } from '../support/triskel.ts';

const PROGRAM = resolve('dist/main.js');
const ONE = `${blueprintOf('demo', ['a'])}acknowledge: [{ code: review/single-control-plane, reason: only for a test }]\n`;
const CHANGED = `${ONE}time: { servers: [ntp.example.org] }\n`;
const STORE = 'blueprints/demo.secrets.age';

/** Runs `generate` with faults; the result has no code when it was killed. */
function generateWith(place: Workplace, ...faults: string[]): { code: number | null; output: string } {
  const env = { PATH: process.env['PATH'], HOME: place.path('home'), TRISKEL_IDENTITY: place.path('identity.txt') };
  const calls = faults.map((fault) => fault.split(':')[0]).join(',');
  const args = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    ...faults.flatMap((fault) => ['-e', `inject=${fault}`]),
  ];
  const ran = spawnSync('strace', [...args, process.execPath, PROGRAM, 'generate'], {
    cwd: place.folder,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (ran.error !== undefined) throw ran.error;
  return { code: ran.signal === null ? ran.status : null, output: ran.stdout + ran.stderr };
}

/** A lock outlives a killed run by ten seconds; tests do not wait. */
function freeLocks(place: Workplace): void {
  rmSync(place.path('output/demo.lock'), { recursive: true, force: true });
  rmSync(place.path(`${STORE}.lock`), { recursive: true, force: true });
}

const reference = new Map<string, ReadonlyMap<string, string>>();

/** The reviewed tree that a blueprint makes. */
function treeOf(blueprint: string): ReadonlyMap<string, string> {
  const known = reference.get(blueprint);
  if (known !== undefined) return known;
  const place = workplace({ 'demo.yaml': blueprint });
  expect(place.run('generate').code).toBe(0);
  const tree = new Map(reviewed(place).map((path) => [path, place.read(`output/demo/${path}`)]));
  reference.set(blueprint, tree);
  return tree;
}

function reviewed(place: Workplace): string[] {
  if (!existsSync(place.path('output/demo'))) return [];
  return [...place.files('output/demo').keys()].filter(
    (path) => !path.startsWith('boot/') && !path.endsWith('.triskel-unfinished'),
  );
}

/** What must hold after a run that did not end well, and after the next one. */
function expectMended(place: Workplace, wanted: string, before: string | undefined): void {
  const files = [treeOf(wanted), ...(before === undefined ? [] : [treeOf(before)])];
  for (const path of reviewed(place)) {
    const content = place.read(`output/demo/${path}`);
    expect(
      files.some((tree) => tree.get(path) === content),
      `${path} is whole`,
    ).toBe(true);
  }
  const store = existsSync(place.path(STORE)) ? readFileSync(place.path(STORE)) : undefined;
  if (existsSync(place.path('output/demo/boot'))) expect(store, 'payloads have their store').toBeDefined();
  freeLocks(place);
  expect(place.run('generate'), 'the next run').toMatchObject({ code: 0 });
  expect(new Map(reviewed(place).map((path) => [path, place.read(`output/demo/${path}`)]))).toEqual(treeOf(wanted));
  expect([...place.files('output').keys()].filter((path) => path.includes('unfinished'))).toEqual([]);
  if (store !== undefined) expect(readFileSync(place.path(STORE)).equals(store), 'the store stays').toBe(true);
  expect(place.run('secrets', 'list', 'blueprints/demo.yaml').code).toBe(0);
}

const points = [
  ...[1, 2, 5, 17, 40].map((n) => `rename:signal=KILL:when=${String(n)}`),
  'fsync:signal=KILL:when=1',
  ...[1, 4, 12].map((n) => `mkdir:signal=KILL:when=${String(n)}`),
  'link:signal=KILL:when=1',
  'chmod:signal=KILL:when=1',
];

describe('a run that is killed', () => {
  test.each(points)('the first one, at %s', (fault) => {
    const place = workplace({ 'demo.yaml': ONE });
    expect(generateWith(place, fault).code).toBeNull();
    expectMended(place, ONE, undefined);
  });

  test.each(['rename:signal=KILL:when=1', 'rename:signal=KILL:when=3', 'unlink:signal=KILL:when=1'])(
    'one that changes a tree, at %s',
    (fault) => {
      const place = workplace({ 'demo.yaml': CHANGED });
      expect(place.run('generate').code).toBe(0);
      writeFileSync(place.path('blueprints/demo.yaml'), ONE);
      expect(generateWith(place, fault).code).toBeNull();
      expectMended(place, ONE, CHANGED);
    },
  );

  test('at any time', async () => {
    const place = workplace({ 'demo.yaml': ONE });
    for (const delay of [120, 180, 240, 300, 360, 420]) {
      const child = place.start('generate');
      const ended = once(child, 'exit');
      setTimeout(() => child.kill('SIGKILL'), delay);
      await ended;
      freeLocks(place);
    }
    expectMended(place, ONE, undefined);
  });
});

describe('a disk that refuses', () => {
  test.each([
    ['rename:error=ENOSPC:when=1', 'the disk is full'],
    ['rename:error=EIO:when=20', 'the disk cannot be read or written'],
    ['mkdir:error=EROFS:when=1', 'the file system is read-only'],
    ['mkdir:error=EDQUOT:when=5', 'the disk quota is used up'],
    ['fsync:error=EIO:when=1', 'the disk cannot be read or written'],
    ['link:error=ENOSPC:when=1 copy_file_range:error=ENOSPC sendfile:error=ENOSPC', 'the disk is full'],
    ['chmod:error=EPERM:when=1', 'the operation is not permitted'],
  ])('%s: told, and mended by the next run', (faults, words) => {
    const place = workplace({ 'demo.yaml': ONE });
    const { code, output } = generateWith(place, ...faults.split(' '));
    expect(output).toContain(words);
    expect(output).not.toContain('This is a fault of Triskel');
    expect(code).toBe(1);
    expectMended(place, ONE, undefined);
  });

  test('a second name for a file is not to be had: the identity is copied', () => {
    const place = workplace({ 'demo.yaml': ONE });
    expect(generateWith(place, 'link:error=EPERM:when=1+').code).toBe(0);
    expectMended(place, ONE, undefined);
  });
});

describe('two at once', () => {
  test('on one blueprint: one writes, and the other does too or says why not', async () => {
    const place = workplace({ 'demo.yaml': ONE });
    const codes = await Promise.all([place.start('generate'), place.start('generate')].map(ended));
    expect(codes).toContain(0);
    expect(codes.filter((code) => code !== 0 && code !== 1)).toEqual([]);
    expectMended(place, ONE, undefined);
  });

  test('into two folders: the store that one wrote is not lost to the other', async () => {
    const place = workplace({ 'demo.yaml': ONE });
    const codes = await Promise.all(['one', 'two'].map((folder) => ended(place.start('generate', '--output', folder))));
    expect(codes).toContain(0);
    const kept = ['one', 'two'].filter((_, index) => codes[index] === 0);
    const stored = (folder: string): Buffer => readFileSync(place.path(`${folder}/demo/boot/a.user-data`));
    const before = kept.map(stored);
    for (const folder of kept) expect(place.run('generate', '--output', folder).code).toBe(0);
    expect(kept.map(stored)).toEqual(before);
  });

  test('on two blueprints, with one identity that both would make', async () => {
    // On other machines: two clusters do not share an address.
    const other = ONE.replace('name: demo', 'name: other').replaceAll('192.0.2.', '198.51.100.');
    const place = workplace({ 'demo.yaml': ONE, 'other.yaml': other });
    const codes = await Promise.all(
      ['demo', 'other'].map((name) => ended(place.start('generate', `blueprints/${name}.yaml`))),
    );
    expect(codes).toEqual([0, 0]);
    expect(place.run('generate', '--check').code).toBe(0);
    for (const name of ['demo', 'other']) expect(place.run('secrets', 'list', `blueprints/${name}.yaml`).code).toBe(0);
    expect([...place.files('.').keys()].filter((path) => /identity\.txt\.|unfinished|\.lock/.test(path))).toEqual([]);
  });
});

async function ended(child: ReturnType<Workplace['start']>): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
