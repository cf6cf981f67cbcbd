import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog/index.ts';
import { bundle } from '../../scripts/build/bundle.ts';
import { bundledPackages, thirdPartyText } from '../../scripts/build/third-party.ts';
import { catalogGaps } from './catalog.ts';
import { effects } from './effects.ts';
import { forbiddenImports, importCircles, undeclaredImports } from './imports.ts';
import { incompleteRules, unlistedComponents } from './lists.ts';
import { emptyNames, undocumentedExports } from './names.ts';
import { forbiddenLicences, loosePins, type PackageJson } from './packages.ts';
import { generatorSources, projectFiles, WORKSPACES, workspaceSources, type SourceFile } from './sources.ts';
import { linesWith, tooLong, uncheckedTags } from './texts.ts';

/** Lines of a source file at most. There are no exceptions. */
const LINES = 250;

const files = projectFiles();
const sources = generatorSources(files);
const packages = workspaceSources(files);
const typeScript = files.filter(({ path }) => /\.[cm]?ts$/.test(path));
const below = (...folders: string[]): SourceFile[] =>
  sources.filter(({ path }) => folders.some((folder) => path.startsWith(`generator/${folder}/`)));
const file = (path: string, text: string): SourceFile => ({ path, text });

describe('one direction', () => {
  const index = file(
    'generator/platforms/index.ts',
    `import { a } from './a.ts'; import { b } from './b/b.ts'; import type { P } from './platform.ts';`,
  );

  test('folders import along the flow, siblings never, workspaces nothing of the rest', () => {
    expect(forbiddenImports(typeScript.filter(({ path }) => path.startsWith('generator/')))).toEqual([]);
  });

  test.each([
    ['against the flow', 'generator/base/a.ts', '../cluster/cluster.ts', 'base stands before cluster'],
    ['a type against the flow', 'generator/secrets/a.ts', '../nodeplan/items.ts', 'secrets stands before nodeplan'],
    ['the pipeline from a stage', 'generator/host/a.ts', '../compile.ts', 'host stands before compile.ts'],
    ['one component from another', 'generator/components/a/a.ts', '../b/b.ts', 'siblings'],
    ['one rule from another', 'generator/review/rules/a.ts', './b.ts', 'siblings'],
    ['one platform from another', 'generator/platforms/a/a.ts', '../b/b.ts', 'siblings'],
    ['one platform from another in one file', 'generator/platforms/a.ts', './b/b.ts', 'siblings'],
    ['a component from what all components use', 'generator/components/static-pod.ts', './etcd/etcd.ts', 'siblings'],
    ['a platform from what all platforms use', 'generator/platforms/shared/a.ts', '../a/a.ts', 'siblings'],
    ['the product from a workspace', 'generator/ignition-config-types/a.ts', '../base/yaml.ts', 'nothing of the rest'],
    ['a workspace by its path', 'generator/base/a.ts', '../ignition-config-types/index.d.ts', 'bare name'],
    ['tests from the product', 'generator/base/a.ts', '../../test/support/x.ts', 'outside generator/'],
    ['a folder that is not in the flow', 'generator/misc/a.ts', '../base/yaml.ts', 'no place in the flow'],
  ])('%s is refused', (_what, path, module, why) => {
    for (const text of [
      `import type { X } from '${module}';`,
      `export * from '${module}';`,
      `await import('${module}');`,
    ])
      expect(forbiddenImports([index, file(path, text)])).toEqual([expect.stringContaining(why)]);
  });

  test('what lies beside the members is for all of them', () => {
    const allowed = [
      file('generator/components/a/a.ts', `import { x } from '../static-pod.ts';`),
      file('generator/components/index.ts', `import { x } from './a/a.ts';`),
      file('generator/platforms/a/a.ts', `import { x } from '../shared/x.ts'; import { y } from '../platform.ts';`),
      file('generator/platforms/a.ts', `import { x } from './a/x.ejs'; import { y } from './shared/x.ts';`),
      file('generator/review/rules/a.ts', `import text from './a.md'; import { x } from '../rule.ts';`),
      file('generator/components/a/part.ts', `import { x } from './a.ts'; import y from 'yaml';`),
    ];
    expect(forbiddenImports([index, ...allowed])).toEqual([]);
  });

  test('a workspace imports what its own package.json names', () => {
    const manifests = Object.fromEntries(
      WORKSPACES.map((folder) => [folder, JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as PackageJson]),
    );
    expect(undeclaredImports(packages, manifests)).toEqual([]);
    const bad = file('generator/openstack-client-lite/x.ts', `import 'undici'; import 'ejs'; import './a.ts';`);
    expect(undeclaredImports([bad], manifests)).toEqual([expect.stringContaining('imports ejs')]);
  });

  test('no circles', () => {
    expect(importCircles(typeScript)).toEqual([]);
    const circle = [
      file('a.ts', `import './b.ts';`),
      file('b.ts', `import './c.ts';`),
      file('c.ts', `import './b.ts';`),
    ];
    expect(importCircles(circle)).toEqual(['b.ts → c.ts → b.ts']);
  });
});

describe('a pure core', () => {
  test('only host/ touches the world, and of the workspaces the default transport and clock', () => {
    expect(effects([...sources, ...packages])).toEqual([]);
    expect(packages.map(({ path }) => path)).toContain('generator/openstack-client-lite/session.ts');
  });

  test.each([
    `import { readFileSync } from 'node:fs';`,
    `import fs from 'fs';`,
    `const { get } = await import('node:https');`,
    `import { request } from 'undici';`,
    `import { randomBytes } from 'node:crypto';`,
    `import * as crypto from 'node:crypto';`,
    `import { generateKeyPairSync } from 'node:crypto';`,
    `const a = crypto.randomUUID();`,
    `const a = process.env['HOME'];`,
    `const { env } = process;`,
    `const a = Date.now();`,
    `const a = new Date();`,
    `const a = Math.random();`,
    `const a = [1].map(() => console.log);`,
    `await fetch('https://x');`,
    `setTimeout(() => undefined, 1);`,
    `const a = { process };`,
  ])('is left by: %s', (text) => {
    expect(effects([file('generator/secrets/x.ts', text)])).toHaveLength(1);
    expect(effects([file('generator/openstack-client-lite/x.ts', text)])).toHaveLength(1);
    expect(effects([file('generator/host/x.ts', text)])).toEqual([]);
  });

  test.each([
    `import { createHash, X509Certificate } from 'node:crypto';`,
    `import { gzipSync } from 'node:zlib';`,
    `import type { Stats } from 'node:fs';`,
    `const a = new Date(0).getTime() + Date.UTC(2020, 0);`,
    `const a = (random: Random) => random.randomBytes(3);`,
    `interface X { process: string; readonly fetch: () => void }`,
    `const a = { console: 1 }; const b = a.console;`,
  ])('is kept by: %s', (text) => {
    expect(effects([file('generator/secrets/x.ts', text)])).toEqual([]);
  });
});

describe('small, and called what it is', () => {
  test(`no source file has more than ${String(LINES)} lines`, () => {
    expect(
      tooLong([...sources, ...packages, ...files.filter(({ path }) => /^scripts\/.*\.(ts|mjs)$/.test(path))], LINES),
    ).toEqual([]);
    expect(tooLong([file('a.ts', '\n'.repeat(251)), file('b.ts', '\n'.repeat(250))], LINES)).toEqual([
      'a.ts has 251 lines, more than 250',
    ]);
  });

  test('no empty words in names of files and exports', () => {
    expect(emptyNames(typeScript)).toEqual([]);
    const bad = [
      file('generator/base/string-utils.ts', ''),
      file('generator/helpers/a.ts', ''),
      file('a.ts', `export const handleThing = 1; export function processFile(): void {} export class NodeManager {}`),
    ];
    expect(emptyNames(bad)).toHaveLength(5);
    const terms = [
      file('generator/components/kube-controller-manager/a.ts', 'export const cloudControllerManager = 1;'),
    ];
    expect(emptyNames(terms)).toEqual([]);
  });

  test('exports of the contracts say what they are', () => {
    const contracts = below('base', 'cluster', 'nodeplan', 'secrets', 'components', 'renderers', 'platforms');
    expect(undocumentedExports(contracts)).toEqual([]);
    const bad = `export const a = 1;\n/** Two. */\nexport const b = 2;\n// three\nexport interface C {}\nfunction d(): void {}`;
    expect(undocumentedExports([file('a.ts', bad)])).toEqual([
      'a.ts:1: a has no doc comment',
      'a.ts:5: C has no doc comment',
    ]);
  });

  test('nothing is left to be done later', () => {
    const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    const written = files.filter(({ path }) => !/(^|\/)package-lock\.json$|^LICENSE$|\/LICENSE$/.test(path));
    expect(linesWith(written, marks)).toEqual([]);
    expect(linesWith([file('a.ts', `// ${'TO' + 'DO'}: later`)], marks)).toHaveLength(1);
  });

  test('nothing names the place where it was made', () => {
    const places = new RegExp(
      ['/wo' + 'rk/', 'sha' + 'red/(data|design|reference|systems|lab|hooks)', '/\\.lib' + 'rary'].join('|'),
    );
    expect(linesWith(files, places)).toEqual([]);
    expect(linesWith([file('a.md', `see ../${'sha' + 'red'}/data/x`)], places)).toHaveLength(1);
  });
});

describe('templates, rules, components, codes', () => {
  test('templates check every value', () => {
    expect(uncheckedTags(files)).toEqual([]);
    expect(uncheckedTags([file('a.ejs', 'x\n<%- it.y %>')])).toEqual(['a.ejs:2: <%-']);
  });

  test('every component is in the list of components', () => {
    expect(unlistedComponents(files)).toEqual([]);
    const bad = [
      file('generator/components/index.ts', `import { a } from './a/a.ts';`),
      file('generator/components/static-pod.ts', ''),
      file('generator/components/a/a.ts', ''),
      file('generator/components/b/b.ts', ''),
      file('generator/components/c/c.ejs', ''),
    ];
    expect(unlistedComponents(bad)).toEqual([
      'components/index.ts does not list b',
      'generator/components/c/c.ts is missing',
    ]);
  });

  test('every rule is in the list of rules, has a page, and says the code of its name', () => {
    expect(incompleteRules(files)).toEqual([]);
    const bad = [
      file('generator/review/rules.ts', `import { a } from './rules/a.ts';`),
      file('generator/review/rules/a.ts', `diagnostic('review/other')`),
      file('generator/review/rules/a.md', ''),
      file('generator/review/rules/b.ts', `diagnostic('review/b')`),
      file('generator/review/rules/c.md', ''),
    ];
    expect(incompleteRules(bad)).toEqual([
      'generator/review/rules/a.ts does not say review/a',
      'review/rules.ts does not list b',
      'generator/review/rules/b.md is missing',
      'generator/review/rules/c.md has no rule',
    ]);
  });

  test('every code of the catalog is said, and every code that is said is in the catalog', () => {
    expect(catalogGaps(sources, Object.keys(catalog))).toEqual([]);
    const gaps = catalogGaps(
      [file('generator/a.ts', `say('parse/known'); say('parse/unknown');`)],
      ['parse/known', 'parse/never'],
    );
    expect(gaps).toEqual(['parse/never: nothing says it', 'generator/a.ts:1: parse/unknown is not in the catalog']);
  });
});

// That schema, types and reference page are made from the schemas as they are is asked by `npm test`'s own build (--check).
describe('what is published', () => {
  test('every dependency is one exact version, and the workspaces are none', () => {
    const manifests = ['.', ...WORKSPACES]
      .map((folder) => `${folder}/package.json`)
      .map((path) => JSON.parse(readFileSync(path, 'utf8')) as PackageJson);
    expect(manifests.flatMap(loosePins)).toEqual([]);
    expect(
      loosePins({ dependencies: { a: '^1.0.0', b: '*', c: 'npm:d@1', e: '1.2.3', f: 'npm:@g/h@1.2.3' } }),
    ).toHaveLength(3);
    const own = WORKSPACES.map((folder) => folder.replace('generator/', ''));
    expect(Object.keys(manifests[0]?.dependencies ?? {}).filter((name) => own.includes(name))).toEqual([]);
  });

  test('every package of which the bundle holds a part may be passed on, and its licence goes with it', async () => {
    const bundled = bundledPackages((await bundle(false)).metafile);
    expect(bundled.map(({ name }) => name)).toContain('yaml');
    expect(forbiddenLicences(bundled)).toEqual([]);
    expect(bundled.filter(({ texts }) => texts.length === 0)).toEqual([]);
    expect(thirdPartyText(bundled)).toContain('Copyright Eemeli Aro');
    const bad = [
      { name: 'a', license: 'GPL-3.0-only' },
      { name: 'b', license: '(MIT OR GPL-2.0)' },
      { name: 'c', license: 'MIT AND CC-BY-NC-4.0' },
      { name: 'd', license: 'none' },
    ];
    expect(forbiddenLicences(bad).map((line) => line[0])).toEqual(['a', 'c', 'd']);
  }, 30_000);
});
