/** The scripts that reach the nodes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withoutComments } from '../../generator/platforms/shared/scripts.ts';
import { adaptedPlan, items, smallCluster, SYSTEMS } from '../support/plans.ts';
import { run } from '../support/programs.ts';

const shellcheck = (text: string, ...options: string[]): string =>
  run('shellcheck', ['--shell=sh', ...options, '-'], { input: text }).output;

const scripts = readdirSync('generator', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sh'));

test.each(scripts)('shellcheck has nothing to say of %s', (path) => {
  const { code, output } = run('shellcheck', [`generator/${path}`]);
  expect(output).toBe('');
  expect(code).toBe(0);
});

test.each(SYSTEMS)('nor of any script in a plan for %s', (system) => {
  const { files } = adaptedPlan(smallCluster(system), items);
  const found = files.filter(({ content }) => content.startsWith('#!/bin/sh\n'));
  expect(found.length).toBeGreaterThan(0);
  // What the sources' comments allow.
  const complaints = found.map(({ path, content }) => [path, shellcheck(content, '--exclude=SC2046,SC2086')]);
  expect(complaints).toEqual(found.map(({ path }) => [path, '']));
});

test('without its comments a script is still the same to a shell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-scripts-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const parsed = (text: string): string => {
    writeFileSync(join(folder, 'script'), text);
    return run('bash', ['--pretty-print', join(folder, 'script')]).output.replace(/\n+/g, '\n');
  };
  const title = '#!/bin/sh\n# What it is.\n';
  for (const path of scripts) {
    const text = readFileSync(`generator/${path}`, 'utf8');
    expect([path, parsed(withoutComments(text))]).toEqual([path, parsed(text)]);
  }
  const heredoc = `${title}cat <<END\n# no comment\nEND\n`;
  expect(parsed(withoutComments(heredoc))).not.toBe(parsed(heredoc));
});

test('it refuses an unquoted word', () => {
  expect(shellcheck('#!/bin/sh\nrm -r $1\n')).toContain('SC2086');
});
