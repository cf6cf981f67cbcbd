import { importsOf, parse, place, resolved, workspaceOf, type SourceFile } from './sources.ts';

/** The flow: a folder imports only what stands before it. */
export const ORDER = [
  'base',
  'diagnostics',
  'blueprint',
  'cluster',
  'review',
  'secrets',
  'nodeplan',
  'components',
  'platforms',
  'renderers',
  'output',
  'host',
  'compile.ts',
  'commands',
  'main.ts',
];

/**
 * Folders whose members never import each other, and what lies among the members for all of them. In components/ only
 * the sub-folders are members: files beside them are for all.
 */
const SIBLINGS: Readonly<Record<string, (member: string, isFolder: boolean) => boolean>> = {
  'generator/components/': (_member, isFolder) => !isFolder,
  'generator/review/rules/': (member) => member === 'rule' || member === 'shared',
  'generator/platforms/': (member) => member === 'platform' || member === 'shared',
  'generator/renderers/': (member) => member === 'renderer' || member === 'shared',
};

/** Imports against the flow, between siblings, and of what is not the product's. */
export function forbiddenImports(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const source = parse(file);
    return importsOf(source).flatMap(({ module, node }) => {
      const target = resolved(file.path, module);
      const why = target === undefined ? undefined : refusal(file.path, target);
      return why === undefined ? [] : [`${place(source, node)} imports ${module}: ${why}`];
    });
  });
}

function refusal(from: string, to: string): string | undefined {
  const [here, there] = [workspaceOf(from), workspaceOf(to)];
  if (here !== there)
    return here === undefined ? 'a workspace is imported by its bare name' : 'a workspace imports nothing of the rest';
  if (here !== undefined || !from.startsWith('generator/')) return undefined;
  if (!to.startsWith('generator/')) return 'the product imports nothing from outside generator/';
  const [place, target] = [stageOf(from), stageOf(to)];
  if (place < 0 || target < 0) return 'this folder has no place in the flow';
  if (target > place) return `${String(ORDER[place])} stands before ${String(ORDER[target])} in the flow`;
  return areSiblings(from, to) ? 'siblings never import each other' : undefined;
}

function stageOf(path: string): number {
  return ORDER.indexOf(path.split('/')[1] ?? '');
}

function areSiblings(from: string, to: string): boolean {
  return Object.entries(SIBLINGS).some(([folder, isForAll]) => {
    if (!from.startsWith(folder) || !to.startsWith(folder)) return false;
    if (!to.endsWith('.ts') && !to.slice(folder.length).includes('/')) return false; // a template beside them
    const [mine, theirs] = [memberOf(folder, from), memberOf(folder, to)];
    if (mine.name === 'index' || mine.name === theirs.name) return false;
    return !isForAll(theirs.name, theirs.isFolder);
  });
}

/** `platforms/debian.ts` and `platforms/debian/x.ejs` belong to the member debian. */
function memberOf(folder: string, path: string): { name: string; isFolder: boolean } {
  const [first = '', ...rest] = path.slice(folder.length).split('/');
  return { name: first.replace(/\.[a-z.]+$/, ''), isFolder: rest.length > 0 };
}

/** Circles of imports: each is told once, from its first file. */
export function importCircles(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(parse(file))
        .filter(({ typeOnly }) => !typeOnly)
        .flatMap(({ module }) => resolved(file.path, module) ?? [])
        .filter((path) => known.has(path)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, chain: readonly string[]): void => {
    if (chain.includes(path)) circles.push([...chain.slice(chain.indexOf(path)), path].join(' → '));
    else if (!done.has(path)) {
      for (const next of edges.get(path) ?? []) visit(next, [...chain, path]);
      done.add(path);
    }
  };
  for (const path of [...edges.keys()].sort()) visit(path, []);
  return circles;
}
