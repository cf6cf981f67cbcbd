import { counted } from '../base/counted.ts';
import { compile } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { neighbourhood } from '../neighbours.ts';
import type { Neighbours } from '../review/neighbour.ts';
import { stopwatch } from '../host/clock.ts';
import type { Changes } from '../output/changes.ts';
import { blueprintsOr } from './blueprints.ts';
import { EXIT, type Context, type ExitCode, type Outcome } from './context.ts';
import { sizeLines, sizeValues } from './payload-sizes.ts';
import { compareTree, isReady, writeOutput, type Generation, type Ready } from './generation.ts';
import { staleTree } from './stale.ts';

/** `triskel generate [blueprint…] [--check]`: one outcome for each blueprint. */
export async function generate(
  named: readonly string[],
  { check = false }: { readonly check?: boolean },
  context: Context,
): Promise<ExitCode> {
  const files = blueprintsOr(named);
  if (files.value === undefined) return context.tell({ diagnostics: files.diagnostics });
  const neighboursOf = neighbourhood(files.value);
  let exitCode: ExitCode = EXIT.ok;
  for (const file of files.value) {
    const told = context.tell({
      ...(await generateOne(file, check, neighboursOf(file), context)),
      about: file,
    });
    if (told !== EXIT.ok) exitCode = told;
  }
  return exitCode;
}

async function generateOne(file: string, check: boolean, neighbours: Neighbours, context: Context): Promise<Outcome> {
  const seconds = stopwatch();
  const compilation = await compile(file, blueprintFiles(), context.progress, neighbours);
  const { cluster, diagnostics, locate } = compilation;
  if (cluster === undefined || !isReady(compilation)) return { value: { blueprint: file }, diagnostics, locate };
  if (check) return checkTree(file, compilation, context);
  const written = await writeOutput(file, compilation, context);
  const all = [...diagnostics, ...written.diagnostics];
  if (written.value === undefined) return { value: { blueprint: file }, diagnostics: all, locate };
  return {
    text: textOf(compilation, written.value, seconds()),
    value: { blueprint: file, cluster: cluster.name, ...valueOf(compilation, written.value) },
    diagnostics: all,
    locate,
  };
}

function checkTree(file: string, compilation: Ready, context: Context): Outcome {
  const { cluster, diagnostics, locate } = compilation;
  const compared = compareTree(compilation, context.outputFolder);
  const found = [...diagnostics, ...compared.diagnostics];
  if (compared.value === undefined) return { value: { blueprint: file }, diagnostics: found, locate };
  const { changes, wanted } = compared.value;
  const { missing, changed } = changes;
  const extra = [...changes.remove, ...changes.unknown];
  const differences = [...lines('missing', missing), ...lines('changed', changed), ...lines('extra', extra)];
  const stale = staleTree(file, wanted, changes);
  const text = differences.length > 0 ? shortened(differences) : `${cluster.name}: ${wanted.root} is up to date\n`;
  const value = { blueprint: file, cluster: cluster.name, missing, changed, extra };
  return { text, value, diagnostics: [...found, ...stale], locate };

  function lines(what: string, paths: readonly string[]): string[] {
    return paths.map((path) => `${what.padEnd(8)} ${wanted.root}/${path}\n`);
  }
}

/** As many lines as people read; --json has all. */
function shortened(lines: readonly string[]): string {
  const most = 50;
  const rest = lines.length - most;
  return lines.slice(0, most).join('') + (rest > 0 ? `… and ${String(rest)} more\n` : '');
}

function textOf({ cluster, nodes }: Ready, generation: Generation, seconds: number): string {
  const { changes, sealed, folder, announcements } = generation;
  const parts = [
    counted(nodes.length, 'node'),
    `${String(writtenOf(changes).length)} files written, ${String(changes.unchanged)} unchanged, ${String(changes.remove.length)} removed`,
    sealed === undefined ? 'boot/ left as it was' : `${String(sealed)}/${String(nodes.length)} payloads sealed`,
    `${seconds.toFixed(2)} s`,
  ];
  const details = [...announcements, ...sizeLines(nodes, cluster)];
  return [`${cluster.name}: ${parts.join('; ')} → ${folder}\n`, ...details.map((line) => `  ${line}\n`)].join('');
}

function valueOf({ nodes }: Ready, { changes, sealed, folder, announcements }: Generation): object {
  return {
    folder,
    nodes: nodes.length,
    written: writtenOf(changes),
    unchanged: changes.unchanged,
    removed: changes.remove,
    unknown: changes.unknown,
    payloads: { sealed: sealed ?? null, of: nodes.length, sizes: sizeValues(nodes) },
    announcements,
  };
}

function writtenOf({ missing, changed }: Changes): readonly string[] {
  return [...missing, ...changed];
}
