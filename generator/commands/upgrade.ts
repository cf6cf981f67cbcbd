import { parseBlueprint } from '../blueprint/parse.ts';
import { versionsWith } from '../cluster/upgrades.ts';
import { newestPatch } from '../cluster/versions.ts';
import { at, blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { replaceBlueprint } from '../host/blueprint-file.ts';
import { blueprintFiles, type BlueprintFiles } from '../host/blueprint-files.ts';
import { withKubernetesVersion, type Edit } from '../upgrade/edit.ts';
import { refusal } from '../upgrade/route.ts';
import type { Context, ExitCode } from './context.ts';
import { isReady } from './generation.ts';
import { prospectOf } from './upgrade-compile.ts';
import { listOf } from './upgrade-list.ts';
import { madeFrom, type Made } from './upgrade-made.ts';
import { outcomeOf } from './upgrade-outcome.ts';

export interface UpgradeOptions {
  /** "1.36.3", or "1.36" for its newest known patch; without it, where one can go is listed. */
  readonly to?: string;
  /** Show everything, write nothing. */
  readonly dryRun?: boolean;
}

/**
 * `triskel upgrade [--to <version>] <blueprint>`: changes the Kubernetes version in the blueprint, and says what changes on
 * which nodes and in what order they are made anew. It makes none of them, and generates nothing.
 */
export async function upgrade(
  file: string,
  { to, dryRun = false }: UpgradeOptions,
  context: Context,
  refuseUsage: (message: string) => ExitCode,
): Promise<ExitCode> {
  if (to !== undefined && !/^v?[0-9]+\.[0-9]+(\.[0-9]+)?$/.test(to))
    return refuseUsage(`"${to}" is no version of Kubernetes such as 1.36.3, or 1.36 for its newest patch`);
  const files = blueprintFiles();
  const { compilation: before } = await prospectOf(file, undefined, context);
  const { locate } = before;
  const stop = (diagnostics: readonly Diagnostic[], found = locate): ExitCode =>
    context.tell({ value: { blueprint: file }, diagnostics, locate: found });
  if (!isReady(before)) return stop(before.diagnostics);
  const made = madeFrom(before, context.outputFolder);
  if (to === undefined) return context.tell(listOf(file, made));
  const { versions } = before.cluster;
  const wanted = /^v?([0-9]+\.[0-9]+)$/.exec(to)?.[1];
  const version = wanted === undefined ? to.replace(/^v/, '') : newestPatch(versions.facts, wanted);
  const refused = refusals(file, made, version);
  if (refused.length > 0) return stop(refused);
  const edit = editOf(file, files, version);
  if (blocks(edit.diagnostics)) return stop(edit.diagnostics);
  const { compilation: after, open } = await prospectOf(file, edit.value?.text, context);
  if (!isReady(after)) return stop(after.diagnostics, after.locate);
  const old = files.read(file).text.value ?? '';
  const problems = edit.value === undefined || dryRun ? [] : replaceBlueprint(file, old, edit.value.text);
  if (problems.length > 0) return stop(problems);
  const folder = context.outputFolder;
  return context.tell(outcomeOf({ file, old, edit: edit.value, made, after, open, dryRun, folder }));
}

function refusals(file: string, { release, rules }: Made, version: string): Diagnostic[] {
  const versions = versionsWith(rules, version);
  if (typeof versions === 'string')
    return [diagnostic('cluster/unsupported-version', versions, [at(['kubernetes', 'version'])])];
  const found = refusal(rules, release, versions, file);
  return found === undefined ? [] : [found];
}

/** Nothing to edit where blueprint or fragment say the version already. A default says nothing: it moves with Triskel. */
function editOf(file: string, files: BlueprintFiles, version: string): Checked<Edit> {
  const { value, diagnostics } = parseBlueprint(file, files.read);
  const written = (value?.value['kubernetes'] as { version?: string } | undefined)?.version;
  return value === undefined || written === version
    ? { value: undefined, diagnostics }
    : withKubernetesVersion(value, version);
}
