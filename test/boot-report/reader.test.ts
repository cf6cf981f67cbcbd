/** What the reader makes of logs that nobody foresaw. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readBoots } from '../../generator/boot-report/boots.ts';
import { PHASES } from '../../generator/boot-report/phases.ts';
import { readReportLine } from '../../generator/boot-report/report-line.ts';
import { explain, verdictOf, type Outcome } from '../../generator/boot-report/verdict.ts';

vi.setConfig({ testTimeout: 30_000 });

const LOGS = 'test/boot-report/logs';
const log = (name: string): string => readFileSync(`${LOGS}/${name}.log`, 'utf8');
const outcomes = (text: string): Outcome[] => readBoots(text).map((boot) => verdictOf(boot).outcome);

describe('the reader never throws', () => {
  const damaged = fc
    .tuple(
      fc.constantFrom(...readdirSync(LOGS).filter((name) => name.endsWith('.log'))),
      fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 8 }),
    )
    .map(([name, wounds]) => {
      let text = readFileSync(`${LOGS}/${name}`, 'utf8');
      for (const [at, length, put] of wounds) {
        const start = at % text.length;
        text = text.slice(0, start) + put + text.slice(start + length);
      }
      return text;
    });

  test.each([
    ['random bytes', fc.uint8Array({ maxLength: 2000 }).map((bytes) => new TextDecoder().decode(bytes))],
    [
      'random text with the report\u2019s words in it',
      fc
        .array(
          fc.constantFrom(
            'triskel/1 node=',
            'a',
            ' phase=',
            'etcd',
            ' state=ok',
            ' say="',
            '"',
            '\n',
            '\r',
            '[    1.000000] ',
            '\u001b[',
            'boot=1 up=x',
            '=',
          ),
        )
        .map((words) => words.join('')),
    ],
    ['logs with parts cut out and put in', damaged],
  ])('on %s', (_title, arbitrary: fc.Arbitrary<string>) => {
    fc.assert(
      fc.property(arbitrary, (text) => {
        const lines = text.split('\n').length;
        for (const boot of readBoots(text)) {
          verdictOf(boot);
          expect(boot.first.number).toBeLessThanOrEqual(boot.last.number);
          expect(boot.last.number).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a log that ends before its last line is not complete, and one that begins anywhere before it is', () => {
  const text = log('complete');
  const last = text.trimEnd().lastIndexOf('\n') + 1;
  for (let at = 0; at < last; at += 7) {
    expect([at, outcomes(text.slice(0, at)).at(-1) ?? 'silent']).not.toEqual([at, 'complete']);
    expect([at, outcomes(text.slice(at)).at(-1)]).toEqual([at, 'complete']);
  }
  // Not even when all but the quotation mark at the end of the last line is there.
  expect(outcomes(text.trimEnd().slice(0, -1))).toEqual(['unfinished']);
});

// With time that grew with the square, these would take minutes.
test('long lines and many lines are read in time that grows with them', () => {
  expect(outcomes(`${'Running module x '.repeat(500_000)}\n${log('complete')}`)).toEqual(['silent', 'complete']);
  expect(outcomes(log('complete').replaceAll('\r', '') + 'a line of somebody else\n'.repeat(200_000))).toEqual([
    'complete',
  ]);
});

describe('a line of the report', () => {
  const line = 'triskel/1 node=cp0 boot=3f2a91c0 up=21 phase=disk state=ok unit=a\\x2db.mount say="it\'s there"';

  test('is found behind a prompt and before anything', () => {
    const said = {
      node: 'cp0',
      phase: 'disk',
      state: 'ok',
      fields: { boot: '3f2a91c0', up: '21', unit: 'a\\x2db.mount' },
      text: "it's there",
    };
    expect(readReportLine(line)).toEqual(said);
    expect(readReportLine(`cp0 login: [   21.000001] cloud-init[7]: ${line}  tail`)).toEqual(said);
  });

  test.each([
    ['cut', line.slice(0, -1)],
    ['cut', line.replace('state=ok', 'state=fine')],
    ['cut', line.replace(' phase=disk', '')],
    ['cut', line.replace('it', '[    1.000000] it')],
    ['newer', line.replace('/1', '/27')],
    [undefined, line.replace('triskel/1', '/opt/triskel/report')],
  ])('reads as %s: %s', (expected, text) => {
    expect(readReportLine(text)).toBe(expected);
  });
});

test('every phase has an explanation', () => {
  for (const phase of PHASES) {
    const [boot] = readBoots(`triskel/1 node=a phase=${phase} state=failed say="x"\n`);
    const cause = boot?.reports[0];
    expect(cause && explain(cause).means).not.toContain('not known');
    expect(boot && verdictOf(boot).outcome).toBe('failed');
  }
});
