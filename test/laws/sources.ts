import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A file of the project as the laws see it. A law takes a list of them, so that it can be given a bad example. */
export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every text file that is or would be committed. */
export function projectFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** The generator's own TypeScript, without what is made from schemas, and without the workspaces. */
export function generatorSources(files: readonly SourceFile[]): SourceFile[] {
  return files.filter(
    ({ path }) =>
      path.startsWith('generator/') &&
      path.endsWith('.ts') &&
      !path.endsWith('.d.ts') &&
      path !== 'generator/blueprint/blueprint.types.ts' &&
      workspaceOf(path) === undefined,
  );
}

/** The workspaces: packages of their own inside the generator's folder. */
export const WORKSPACES = ['generator/ignition-config-types', 'generator/openstack-client-lite'];

/** The TypeScript of the workspaces, without their tests. */
export function workspaceSources(files: readonly SourceFile[]): SourceFile[] {
  return files.filter(
    ({ path }) =>
      workspaceOf(path) !== undefined && path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('/test/'),
  );
}

export function workspaceOf(path: string): string | undefined {
  return WORKSPACES.find((folder) => path.startsWith(`${folder}/`));
}

/** The tree of a file; all laws share it. */
export const parse = once(({ path, text }: SourceFile) =>
  ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true),
);

/** Remembers what was made of an object as long as that is there. */
function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

/** `generator/x.ts:12`, for a finding. */
export function place(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${String(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1)}`;
}

/** Every node of a tree, parents first. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* walk(child);
}

export interface Import {
  readonly module: string;
  readonly node: ts.Node;
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

/** All imports and re-exports of a file, `import()` too. */
export const importsOf = once((source: ts.SourceFile): readonly Import[] => {
  const found: Import[] = [];
  for (const node of walk(source)) {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const bindings = clause?.namedBindings;
      const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
      const names = [
        ...(clause?.name === undefined ? [] : ['default']),
        ...(bindings !== undefined && ts.isNamespaceImport(bindings) ? ['*'] : []),
        ...named.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text),
      ];
      const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push({ module: node.moduleSpecifier.text, node, names, typeOnly });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ module: node.moduleSpecifier.text, node, names: ['*'], typeOnly: node.isTypeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument))
        found.push({ module: argument.text, node, names: ['*'], typeOnly: false });
    }
  }
  return found;
});

/** The file that a relative import means, from the project's root; undefined for a package. */
export function resolved(from: string, module: string): string | undefined {
  if (!module.startsWith('.')) return undefined;
  const steps = from.split('/').slice(0, -1);
  for (const step of module.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}
