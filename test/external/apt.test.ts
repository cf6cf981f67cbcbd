/** apt's own reading of the repositories of a mirror. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, type Run } from '../support/programs.ts';
import { adaptedPlan, smallCluster } from '../support/plans.ts';

/** What apt would fetch the lists of packages from, with nothing else configured. */
function asked(sources: string): Run {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-apt-'));
  try {
    writeFileSync(join(folder, 'triskel.sources'), sources);
    const options = ['Dir::Etc::SourceList=/dev/null', `Dir::Etc::SourceParts=${folder}`].flatMap((o) => ['-o', o]);
    return run('apt-get', ['update', '--print-uris', ...options]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sourcesOf = (system: 'debian' | 'ubuntu'): string => {
  const plan = adaptedPlan(smallCluster(system, 'packages: {mirror: "http://m.example.org/f"}'), []);
  return plan.files.find(({ path }) => path === '/etc/triskel/apt/triskel.sources')?.content ?? '';
};

const releases = (system: 'debian' | 'ubuntu'): string[] =>
  [...asked(sourcesOf(system)).output.matchAll(/^'([^']+)\/InRelease'/gm)].map(([, uri = '']) => uri).sort();

test('apt asks the mirror for every suite, and nobody else', () => {
  expect(releases('debian')).toEqual([
    'http://m.example.org/f/deb.debian.org/debian-security/dists/trixie-security',
    'http://m.example.org/f/deb.debian.org/debian/dists/trixie',
    'http://m.example.org/f/deb.debian.org/debian/dists/trixie-updates',
  ]);
  expect(releases('ubuntu')).toEqual([
    'http://m.example.org/f/archive.ubuntu.com/ubuntu/dists/noble',
    'http://m.example.org/f/archive.ubuntu.com/ubuntu/dists/noble-updates',
    'http://m.example.org/f/security.ubuntu.com/ubuntu/dists/noble-security',
  ]);
});

test('apt refuses sources without suites', () => {
  expect(asked(sourcesOf('debian').replaceAll(/^Suites:.*\n/gm, '')).code).not.toBe(0);
});
