import ts from 'typescript';
import { parse, place, type SourceFile } from './sources.ts';

/** Words that say nothing of what a thing is. */
const EMPTY_WORDS = new Set([
  'manager',
  'managers',
  'helper',
  'helpers',
  'util',
  'utils',
  'process',
  'processes',
  'handle',
  'handler',
  'handles',
]);

/** The field's own terms that contain one of them. */
const TERMS = /controller-?manager|pacemaker-?manager/gi;

/** Files and exports whose name has an empty word in it. */
export function emptyNames(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const inPath = file.path.split('/').filter(isEmpty);
    const source = file.path.endsWith('.ts') ? parse(file) : undefined;
    const exported = source === undefined ? [] : exportsOf(source).filter(({ name }) => isEmpty(name));
    return [
      ...inPath.map((part) => `${file.path}: the name ${part}`),
      ...exported.map(({ name, node }) => `${source === undefined ? '' : place(source, node)}: the name ${name}`),
    ];
  });
}

function isEmpty(name: string): boolean {
  const words = name
    .replace(TERMS, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => EMPTY_WORDS.has(word));
}

interface Exported {
  readonly name: string;
  readonly node: ts.Node;
  readonly documented: boolean;
}

/** What a file declares and exports, by name. Re-exports belong to the file that declares. */
function exportsOf(source: ts.SourceFile): Exported[] {
  return source.statements.flatMap((statement): Exported[] => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return [];
    const documented = ts.getJSDocCommentsAndTags(statement).length > 0;
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((node) => ({ name: node.name.getText(), node, documented }));
    const { name } = statement as { name?: ts.Identifier };
    return [{ name: name?.text ?? 'default', node: statement, documented }];
  });
}

/** Exports without a word on what they are. */
export function undocumentedExports(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const source = parse(file);
    return exportsOf(source)
      .filter(({ documented }) => !documented)
      .map(({ name, node }) => `${place(source, node)}: ${name} has no doc comment`);
  });
}
