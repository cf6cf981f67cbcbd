import { structuredPatch } from 'diff';
import { counted } from '../base/counted.ts';
import { groupBy } from '../base/order.ts';
import { compile } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { readInFolder } from '../host/folder.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';
import { compareTree, isReady } from './generation.ts';
import { paintPatch } from './patch-colors.ts';

export interface DiffOptions {
  /** Exit with 1 when there is a difference, as diff(1) does. */
  readonly exitCode?: boolean;
}

interface FilePatch {
  readonly path: string;
  readonly patch: string;
}

/** `triskel diff <blueprint>`: what `generate` would change, node by node, as unified diffs. */
export async function diff(file: string, options: DiffOptions, context: Context): Promise<ExitCode> {
  const compilation = await compile(file, blueprintFiles(), context.progress);
  const { diagnostics, locate } = compilation;
  if (!isReady(compilation)) return context.tell({ value: { blueprint: file }, diagnostics, locate });
  const compared = compareTree(compilation, context.outputFolder);
  const found = [...diagnostics, ...compared.diagnostics];
  if (compared.value === undefined) return context.tell({ value: { blueprint: file }, diagnostics: found, locate });
  const { wanted, tree, changes } = compared.value;
  const paths = [...changes.missing, ...changes.changed, ...changes.remove].sort();
  const patches = paths.map((path): FilePatch => {
    const before = changes.missing.includes(path) ? undefined : (readInFolder(wanted.root, path).value ?? '');
    return { path, patch: unified(`${wanted.root}/${path}`, before, tree.get(path)) };
  });
  return context.tell({
    text: patches.length === 0 ? `${compilation.cluster.name}: no difference\n` : textOf(patches, context.color),
    value: { blueprint: file, cluster: compilation.cluster.name, differences: patches },
    diagnostics: found,
    locate,
    ...(options.exitCode === true && patches.length > 0 ? { exitCode: EXIT.mistake } : {}),
  });
}

function textOf(patches: readonly FilePatch[], color: boolean): string {
  const byNode = groupBy(patches, ({ path }) => /^nodes\/([^/]+)\//.exec(path)?.[1] ?? 'the cluster');
  return [...byNode]
    .map(([node, members]) => {
      const title = `${node}: differences in ${counted(members.length, 'file')}\n`;
      return title + members.map(({ patch }) => (color ? paintPatch(patch) : patch)).join('');
    })
    .join('\n');
}

/** A patch as patch(1) and git apply take it. */
export function unified(path: string, before: string | undefined, after: string | undefined): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const to = after === undefined ? '/dev/null' : `b/${path}`;
  const { hunks } = structuredPatch(from, to, before ?? '', after ?? '');
  const bodies = hunks.map(
    ({ oldStart, oldLines, newStart, newLines, lines }) =>
      `@@ -${String(oldStart)},${String(oldLines)} +${String(newStart)},${String(newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`,
  );
  return `--- ${from}\n+++ ${to}\n${bodies.join('')}`;
}
