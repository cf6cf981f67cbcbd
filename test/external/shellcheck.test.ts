/** The scripts that reach the nodes. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adaptedPlan, items, smallCluster, SYSTEMS } from '../support/plans.ts';
import { run } from '../support/programs.ts';

const shellcheck = (text: string): string => run('shellcheck', ['--shell=sh', '-'], { input: text }).output;

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
  for (const { path, content } of found) expect([path, shellcheck(content)]).toEqual([path, '']);
});

test('it refuses an unquoted word', () => {
  expect(shellcheck('#!/bin/sh\nrm -r $1\n')).toContain('SC2086');
});
