import ts from 'typescript';
import { parse, place, walk, type SourceFile } from './sources.ts';

/** Codes that the catalog has and nothing says, and codes that are said and not in the catalog. */
export function catalogGaps(files: readonly SourceFile[], codes: readonly string[]): string[] {
  const stages = new Set(codes.map((code) => code.split('/')[0]));
  const said = new Map<string, string>();
  for (const file of files.filter(({ path }) => !path.startsWith('generator/diagnostics/catalog/'))) {
    const source = parse(file);
    for (const node of walk(source)) {
      if (!ts.isStringLiteralLike(node) || !/^[a-z]+\/[a-z0-9-]+$/.test(node.text)) continue;
      if (stages.has(node.text.split('/')[0])) said.set(node.text, place(source, node));
    }
  }
  return [
    ...codes.filter((code) => !said.has(code)).map((code) => `${code}: nothing says it`),
    ...[...said]
      .filter(([code]) => !codes.includes(code))
      .map(([code, where]) => `${where}: ${code} is not in the catalog`),
  ];
}
