import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isReady } from '../../generator/commands/generation.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { BOOT, treeOf, type Tree } from '../../generator/output/tree.ts';

/** A blueprint, and the folder in which its tree is committed. */
export interface Golden {
  readonly blueprint: string;
  readonly folder: string;
}

/** The examples with their output, and the tests' own blueprints with what is expected of them. */
export function goldens(): Golden[] {
  const of = (blueprints: string, expected: string): Golden[] =>
    readdirSync(blueprints)
      .filter((file) => file.endsWith('.yaml') && !file.endsWith('.pins.yaml'))
      .map((file) => ({ blueprint: join(blueprints, file), folder: join(expected, basename(file, '.yaml')) }));
  return [...of('blueprints', 'output'), ...of('test/golden/blueprints', 'test/golden/expected')];
}

/** The tree that a blueprint compiles to; `text` in place of what lies in its file. Throws when it has errors. */
export async function treeFor(blueprint: string, text?: string): Promise<Tree> {
  const files = blueprintFiles(text === undefined ? undefined : new Map([[blueprint, text]]));
  const compilation = await compile(blueprint, files, noProgress);
  if (!isReady(compilation))
    throw new Error(compilation.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return treeOf(compilation);
}

/** The committed files below a folder, by path; payloads are no part of it. */
export function readTree(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(folder, BOOT)));
  return new Map(files.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

/** Makes the folder what the tree is. */
export function writeTree(folder: string, tree: Tree): void {
  for (const path of readTree(folder).keys()) if (!tree.has(path)) rmSync(join(folder, path));
  for (const [path, content] of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
