/** What the pages show works, and what they point to is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCluster } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { SSH_KEY } from '../support/triskel.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'generator/ARCHITECTURE.md', ...listed('docs')];

function listed(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Relative links whose file is not there. */
function deadLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(dirname(page), link)));
}

/** Code blocks of YAML that are whole blueprints. */
function blueprintsIn(text: string): string[] {
  return [...text.matchAll(/^( *)```yaml\n([\s\S]*?)\n *```$/gm)]
    .map(([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
    .filter((block) => /^apiVersion: triskel/m.test(block) && /^name:/m.test(block))
    .map((block) => block.replaceAll(/ssh-ed25519 AAAA…[^\]]*/g, SSH_KEY));
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  test('leads nowhere that is not there', () => {
    expect(deadLinks(page, text)).toEqual([]);
  });

  test('shows blueprints without a mistake', () => {
    for (const blueprint of blueprintsIn(text)) {
      const { cluster, diagnostics } = readCluster('page.yaml', blueprintFiles(new Map([['page.yaml', blueprint]])));
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(cluster).toBeDefined();
    }
  });
});

test('README and the first cluster show a whole blueprint', () => {
  for (const page of ['README.md', 'docs/first-cluster.md']) {
    expect(blueprintsIn(readFileSync(page, 'utf8')), page).toHaveLength(1);
  }
});

test('a dead link is seen', () => {
  expect(deadLinks('docs/x.md', '[a](../README.md) [b](no-such.md#part) [c](https://example.org)')).toEqual([
    'no-such.md',
  ]);
});
