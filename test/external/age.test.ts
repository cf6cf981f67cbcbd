/** The store is an ordinary age file, and an identity an ordinary identity: `age` and `age-keygen` take and give both. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checked } from '../../generator/diagnostics/diagnostic.ts';
import { makeIdentity, readIdentities } from '../../generator/host/identity.ts';
import { openStoreFile, type StoreFile, type StoreRequest } from '../../generator/host/store-file.ts';
import { storeText, type Store } from '../../generator/secrets/store.ts';
import { run } from '../support/programs.ts';
import { must, NOW, specOf, storeOf } from '../support/secrets.ts';

let folder = '';
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-age-'));
  store = await storeOf(specOf());
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

/** Makes an identity with age-keygen and gives its recipient. */
function keygen(name: string): string {
  const { code, output } = run('age-keygen', ['-o', path(name)]);
  expect(code).toBe(0);
  return /age1[0-9a-z]+/.exec(output)?.[0] ?? '';
}

function open(identity: string, more: Partial<StoreRequest> & Pick<StoreRequest, 'file'>): Promise<Checked<StoreFile>> {
  return openStoreFile({ cluster: 'demo', recipients: [], mode: 'change', identityFile: path(identity), ...more });
}

/** What age makes of a store; its digest of the recipients is that of the writing. */
function decrypted(identity: string, file: string): Store {
  const { code, output } = run('age', ['-d', '-i', path(identity), file]);
  if (code !== 0) throw new Error(output);
  const read = JSON.parse(output) as Store;
  expect(output).toBe(storeText(read));
  return { ...read, recipients: '' };
}

describe('age-keygen', () => {
  test('makes identities that are taken', async () => {
    const recipient = keygen('hers.txt');
    const { value, diagnostics } = await readIdentities(path('hers.txt'));
    expect({ recipients: value?.recipients, diagnostics }).toEqual({ recipients: [recipient], diagnostics: [] });
  });

  test('takes identities that we make', async () => {
    const { recipients, file } = must(await makeIdentity(path('ours.txt'), NOW));
    expect(run('age-keygen', ['-y', file])).toEqual({ code: 0, output: `${recipients[0] ?? ''}\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('several identities in one file are all tried', async () => {
    const [first, second] = [keygen('first.txt'), keygen('second.txt')];
    const both = ['first.txt', 'second.txt'].map((name) => readFileSync(path(name), 'utf8')).join('\n');
    writeFileSync(path('both.txt'), both, { mode: 0o600 });
    expect(must(await readIdentities(path('both.txt'))).recipients).toEqual([first, second]);
    run('age', ['-r', second, '-o', path('second.age')], { input: storeText(store) });
    expect(must(await open('both.txt', { file: path('second.age') })).store).toEqual(store);
  });
});

describe('age', () => {
  test('opens a store that we wrote, with the identity of each recipient and with no other', async () => {
    const recipients = [keygen('a.txt'), keygen('b.txt')];
    keygen('stranger.txt');
    const file = path('written.age');
    const { write } = must(await open('a.txt', { file, recipients, mode: 'create' }));
    expect(await write(store)).toEqual([]);
    for (const identity of ['a.txt', 'b.txt']) expect(decrypted(identity, file)).toEqual(store);
    const refused = run('age', ['-d', '-i', path('stranger.txt'), file]);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('no identity matched any of the recipients');
  });

  test('opens what we wrote for an identity that we made', async () => {
    const file = path('own.age');
    const { write, identities } = must(await open('made.txt', { file, mode: 'create' }));
    expect(identities.made).toBe(true);
    expect(await write(store)).toEqual([]);
    expect(decrypted('made.txt', file)).toEqual(store);
  });

  test('writes a store that we open, and a stranger does not', async () => {
    const [mine, theirs] = [keygen('mine.txt'), keygen('theirs.txt')];
    keygen('other.txt');
    const file = path('by-age.age');
    expect(run('age', ['-r', mine, '-r', theirs, '-o', file], { input: storeText(store) }).code).toBe(0);
    for (const identity of ['mine.txt', 'theirs.txt'])
      expect(must(await open(identity, { file })).store).toEqual(store);
    const { value, diagnostics } = await open('other.txt', { file });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['secrets/no-identity-opens']);
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['changed in one bit', (bytes: Buffer) => bytes.map((byte, at) => (at === bytes.length - 20 ? byte ^ 1 : byte))],
    ['empty', () => Buffer.alloc(0)],
  ])('and we refuse a file that is %s alike', async (what, damage) => {
    const file = path('damaged.age');
    const recipient = keygen(`${what}.txt`);
    run('age', ['-r', recipient, '-o', file], { input: storeText(store) });
    writeFileSync(file, damage(readFileSync(file)));
    expect(run('age', ['-d', '-i', path(`${what}.txt`), file]).code).toBe(1);
    const { value, diagnostics } = await open(`${what}.txt`, { file });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['secrets/store-damaged']);
  });
});
