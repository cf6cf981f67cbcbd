/**
 * Logs of consoles as they are shown. logs/<name>.txt is what is printed for logs/<name>.log.
 * `UPDATE_GOLDEN=1 npx vitest run test/boot-report` writes the texts anew and fails once, so that nobody updates unawares.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { consoleLog } from '../../generator/commands/console.ts';
import { contextOf } from '../../generator/commands/context.ts';
import { noProgress } from '../../generator/host/terminal.ts';

const FOLDER = 'test/boot-report/logs';
const update = process.env['UPDATE_GOLDEN'] === '1';

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function read(file: string, json = false): Told {
  const told = { out: '', err: '' };
  const context = contextOf(
    { json },
    {
      out: (text) => void (told.out += text),
      err: (text) => void (told.err += text),
      outColors: false,
      errColors: false,
      interactive: false,
      progress: noProgress,
    },
  );
  return { code: consoleLog(file, context), ...told };
}

const logs = readdirSync(FOLDER).filter((name) => name.endsWith('.log'));

test.each(logs)('%s', (name) => {
  const { code, out, err } = read(`${FOLDER}/${name}`);
  const printed = `${out}${err}exit ${String(code)}\n`;
  const expected = `${FOLDER}/${name.replace('.log', '.txt')}`;
  const before = existsSync(expected) ? readFileSync(expected, 'utf8') : '';
  if (update && before !== printed) {
    writeFileSync(expected, printed);
    throw new Error(`${expected} was written. Read it.`);
  }
  expect(printed).toBe(before);
});

test.each([
  ['complete', 0, 'complete'],
  ['beginning-cut-off', 0, 'complete'],
  ['interleaved', 0, 'complete'],
  ['two-boots', 0, 'complete'],
  ['late', 0, 'complete'],
  ['worker', 0, 'complete'],
  ['download-failed', 1, 'failed'],
  ['kernel-panic', 1, 'failed'],
  ['etcd-waits', 1, 'unfinished'],
  ['nothing-of-ours', 1, 'silent'],
  ['newer-format', 1, 'silent'],
])('programs are told the same of %s', (name, code, outcome) => {
  const told = read(`${FOLDER}/${name}.log`, true);
  const { ok, boots } = JSON.parse(told.out) as { ok: boolean; boots: { outcome: string }[] };
  expect({ code: told.code, ok, outcome: boots.at(-1)?.outcome }).toEqual({ code, ok: code === 0, outcome });
});

test('a line that the kernel wrote into says the same as one that is whole', () => {
  const phases = (name: string): unknown =>
    (
      JSON.parse(read(`${FOLDER}/${name}.log`, true).out) as { boots: { phases: { phase: string; state: string }[] }[] }
    ).boots[0]?.phases
      .map(({ phase, state }) => `${phase} ${state}`)
      // The one that was cut for good.
      .filter((text) => !text.startsWith('runtime'));
  const whole = phases('complete') as string[];
  expect(phases('interleaved')).toEqual(whole.filter((text) => !/^(configuration|packages)/.test(text)));
});

describe('what is no log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-log-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['nothing', 'console/empty-log', ''],
    ['zeros and blanks', 'console/empty-log', '\0\0\0\n \r\n'],
    ['a program', 'console/not-a-log', Uint8Array.from({ length: 4096 }, (_, index) => (index * 167) % 251)],
  ])('%s is refused', (title, code, bytes) => {
    const file = join(folder, title);
    writeFileSync(file, bytes);
    const { err, ...told } = read(file);
    expect(told).toEqual({ code: 1, out: '' });
    expect(err).toContain(`[${code}]`);
  });

  test('more than can be read at once is refused', () => {
    const file = join(folder, 'large');
    writeFileSync(file, '');
    truncateSync(file, 64 * 1024 ** 2 + 1);
    expect(read(file).err).toContain('[console/too-large]');
  });

  test('a file that is not there, and a folder, are refused', () => {
    expect(read(join(folder, 'none')).err).toContain('[parse/unreadable]');
    expect(read(folder).err).toContain('[parse/unreadable]');
  });
});
