import { counted } from '../base/counted.ts';
import { compile } from '../compile.ts';
import { blocks } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { neighbourhood } from '../neighbours.ts';
import { blueprintsOr } from './blueprints.ts';
import { sizeLines, sizeValues } from './payload-sizes.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';

/** `triskel check [blueprint…]`: every finding about each blueprint; writes nothing and opens no store. */
export async function check(named: readonly string[], context: Context): Promise<ExitCode> {
  const files = blueprintsOr(named);
  if (files.value === undefined) return context.tell({ diagnostics: files.diagnostics });
  const neighboursOf = neighbourhood(files.value);
  let exitCode: ExitCode = EXIT.ok;
  for (const file of files.value) {
    const compiled = await compile(file, blueprintFiles(), context.progress, neighboursOf(file));
    const { cluster, nodes, diagnostics, locate } = compiled;
    const isGood = cluster !== undefined && !blocks(diagnostics);
    const good = isGood ? [`${cluster.name}: ${file} is good: ${counted(cluster.nodes.length, 'node')}`] : [];
    const sizes = isGood ? sizeLines(nodes, cluster).map((line) => `  ${line}`) : [];
    const text = [...good, ...sizes].map((line) => `${line}\n`).join('');
    const value = {
      blueprint: file,
      cluster: cluster?.name,
      nodes: cluster?.nodes.length,
      payloads: sizeValues(nodes),
    };
    const told = context.tell({ text, value, diagnostics, locate, about: file });
    if (told !== EXIT.ok) exitCode = told;
  }
  return exitCode;
}
