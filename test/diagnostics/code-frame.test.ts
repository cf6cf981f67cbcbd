import { describe, expect, test } from 'vitest';
import { codeFrame } from '../../generator/diagnostics/code-frame.ts';
import { printDiagnostics, summarize } from '../../generator/diagnostics/print.ts';
import { diagnostic } from '../../generator/diagnostics/diagnostic.ts';
import { positionOf, sourceText } from '../../generator/diagnostics/source-text.ts';

/** The shown line and its underline, for the part of the text that stands between « and ». */
function framed(marked: string): string[] {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const source = sourceText('x.yaml', marked.replace('«', '').replace('»', ''));
  return codeFrame(source, [start, end])
    .slice(-2)
    .map(({ text }) => text);
}

describe('underlines', () => {
  test.each([
    ['plain text', 'a: «bcd» e', ['a: bcd e', '   ^^^']],
    ['a tab before it', '\ta: «bcd»', ['    a: bcd', '       ^^^']],
    ['a tab between words', 'ab\tc: «d»', ['ab  c: d', '       ^']],
    ['a tab within it', 'a: «b\tc»', ['a: b    c', '   ^^^^^^']],
    ['wide characters before it', '名: «b»', ['名: b', '    ^']],
    ['wide characters within it', 'a: «名前»', ['a: 名前', '   ^^^^']],
    ['a combining accent', 'e\u0301: «b»', ['e\u0301: b', '   ^']],
    ['an emoji of several code points', '👩‍💻: «b»', ['👩‍💻: b', '    ^']],
    ['nothing at all', 'a: «»b', ['a: b', '   ^']],
    ['what goes on in the next line', 'a: «b\nc»', ['a: b', '   ^']],
    ['the end of the file', 'a: b\n«»', ['', '^']],
    ['a line that ends as on Windows', 'x: y\r\na: «b»\r\nc: d', ['a: b', '   ^']],
    ['the first line behind a byte order mark', '\ufeffa: «b»', ['\ufeffa: b', '   ^']],
    ['characters that a terminal would obey', 'a\u001b[31m: «b»\u202e', ['a\ufffd[31m: b\ufffd', '        ^']],
  ])('%s', (_what, marked, expected) => {
    expect(framed(marked)).toEqual(expected);
  });

  test('keep what is before and behind a long line out of the way', () => {
    const [line = '', underline = ''] = framed(`${'x'.repeat(5000)}: «wrong» ${'y'.repeat(5000)}`);
    expect(line.length).toBeLessThan(130);
    expect(line).toMatch(/^…x+: wrong y+…$/);
    expect(underline.indexOf('^')).toBe(line.indexOf('wrong'));
    expect(underline.trim()).toBe('^^^^^');
  });

  test('never cut a character in two', () => {
    for (let before = 100; before < 110; before++) {
      const [line = ''] = framed(`${'a'.repeat(before)}${'💥'.repeat(200)}«x»`);
      expect(Buffer.from(line, 'utf8').toString('utf8')).toBe(line);
    }
  });
});

test('columns count characters from 1, and lines end in every way', () => {
  const source = sourceText('x.yaml', '\ufeffa: b\r\n👩c: d\n');
  expect(positionOf(source, 1)).toEqual({ line: 1, column: 1 });
  expect(positionOf(source, source.text.indexOf('c'))).toEqual({ line: 2, column: 2 });
  expect(positionOf(source, source.text.length)).toEqual({ line: 3, column: 1 });
});

describe('print', () => {
  const error = diagnostic('cluster/no-control-plane', 'no node', [{ path: ['nodes'] }]);
  const warning = diagnostic('cluster/no-users', 'nobody');
  const source = sourceText('x.yaml', 'nodes: []\n');
  const locate = (): { file: string; source: typeof source; range: [number, number] } => ({
    file: 'x.yaml',
    source,
    range: [7, 9],
  });

  test('shows errors first, and says why only once', () => {
    const printed = printDiagnostics([warning, error, { ...error, message: 'none at all' }], locate, { color: false });
    expect(printed.split('\n').filter((line) => /(error|warning):/.test(line))).toEqual([
      'x.yaml:1:8: error: no node [cluster/no-control-plane]',
      'x.yaml:1:8: error: none at all [cluster/no-control-plane]',
      'warning: nobody [cluster/no-users]',
    ]);
    expect(printed.match(/There would be no API/g)).toHaveLength(1);
  });

  test('colours only when it is told to', () => {
    const plain = printDiagnostics([error, warning], locate, { color: false });
    const painted = printDiagnostics([error, warning], locate, { color: true });
    expect(plain).not.toContain('\u001b');
    expect(painted).toContain('\u001b[31m');
    // eslint-disable-next-line no-control-regex -- the colours themselves
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('makes visible what a terminal would obey, in messages too', () => {
    const sly = diagnostic('cluster/no-users', 'a\u001b[2Jb\u009b1mc');
    expect(printDiagnostics([sly], locate, { color: false })).toContain('warning: a\ufffd[2Jb\ufffd1mc');
  });

  test('counts', () => {
    expect(summarize([error, error, warning, { ...error, acknowledged: 'known' }])).toBe('2 errors, 1 warning, 1 note');
    expect(summarize([])).toBe('');
  });
});
