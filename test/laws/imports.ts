import type { PackageJson } from './packages.ts';
import { importsOf, parse, place, resolved, workspaceOf, type SourceFile } from './sources.ts';

/** The flow: a folder imports only what stands before it. */
const ORDER = [
  'base',
  'diagnostics',
  'boot-report',
  'blueprint',
  'cluster',
  'secrets',
  'nodeplan',
  'review',
  'components',
  'platforms',
  'renderers',
  'clouds',
  'output',
  'upgrade',
  'lab',
  'drill',
  'verify',
  'host',
  'companions.ts',
  'compile.ts',
  'neighbours.ts',
  'commands',
  'main.ts',
];

/** True when a file of this path is a member of its folder; members never import each other. */
type IsMember = (name: string, isFolder: boolean) => boolean;

/**
 * In components/ the sub-folders are members, and files beside them are for all. In platforms/ and renderers/ members are
 * what index.ts lists.
 */
function memberships(files: readonly SourceFile[]): Record<string, IsMember> {
  const listed = (folder: string): IsMember => {
    const index = files.find(({ path }) => path === `${folder}index.ts`);
    const imports = index === undefined ? [] : importsOf(parse(index)).filter(({ typeOnly }) => !typeOnly);
    const names = imports.flatMap(({ module }) => (module.startsWith('./') ? memberOf('./', module).name : []));
    return (name) => names.includes(name);
  };
  return {
    'generator/components/': (_name, isFolder) => isFolder,
    'generator/review/rules/': () => true,
    'generator/platforms/': listed('generator/platforms/'),
    'generator/renderers/': listed('generator/renderers/'),
  };
}

/** Imports against the flow, between siblings, and of what is not the product's. */
export function forbiddenImports(files: readonly SourceFile[]): string[] {
  const members = memberships(files);
  return files.flatMap((file) => {
    const source = parse(file);
    return importsOf(source).flatMap(({ module, node }) => {
      const target = resolved(file.path, module);
      const why = target === undefined ? undefined : refusal(file.path, target, members);
      return why === undefined ? [] : [`${place(source, node)} imports ${module}: ${why}`];
    });
  });
}

function refusal(from: string, to: string, members: Record<string, IsMember>): string | undefined {
  const [here, there] = [workspaceOf(from), workspaceOf(to)];
  if (here !== there)
    return here === undefined ? 'a workspace is imported by its bare name' : 'a workspace imports nothing of the rest';
  if (here !== undefined || !from.startsWith('generator/')) return undefined;
  if (!to.startsWith('generator/')) return 'the product imports nothing from outside generator/';
  const [place, target] = [stageOf(from), stageOf(to)];
  if (place < 0 || target < 0) return 'this folder has no place in the flow';
  if (target > place) return `${String(ORDER[place])} stands before ${String(ORDER[target])} in the flow`;
  return areSiblings(from, to, members) ? 'siblings never import each other' : undefined;
}

/** Packages that a workspace imports and that its own package.json does not have, so that it would not run elsewhere. */
export function undeclaredImports(
  files: readonly SourceFile[],
  manifests: Readonly<Record<string, PackageJson>>,
): string[] {
  return files.flatMap((file) => {
    const source = parse(file);
    const dependencies = manifests[workspaceOf(file.path) ?? '']?.dependencies ?? {};
    return importsOf(source)
      .filter(({ module }) => !module.startsWith('.') && !module.startsWith('node:') && !(module in dependencies))
      .map(({ module, node }) => `${place(source, node)} imports ${module}: no dependency of its package`);
  });
}

function stageOf(path: string): number {
  return ORDER.indexOf(path.split('/')[1] ?? '');
}

function areSiblings(from: string, to: string, members: Record<string, IsMember>): boolean {
  return Object.entries(members).some(([folder, isMember]) => {
    if (!from.startsWith(folder) || !to.startsWith(folder)) return false;
    const [mine, theirs] = [memberOf(folder, from), memberOf(folder, to)];
    return mine.name !== 'index' && mine.name !== theirs.name && isMember(theirs.name, theirs.isFolder);
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
