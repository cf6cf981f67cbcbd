import { readCluster } from '../compile.ts';
import { blocks, diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { readText } from '../host/files.ts';
import { createFile, schemaPathFrom } from '../host/new-blueprint.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';
import { initialBlueprint, listOf, type Answers } from './init-blueprint.ts';
import { askAnswers } from './init-questions.ts';

export interface InitOptions {
  readonly name?: string;
  readonly os?: Answers['os'];
  readonly controlPlane?: string;
  readonly worker?: string;
  readonly endpoint?: string;
  readonly network?: string;
  /** The key itself, or a file that holds it. */
  readonly sshKey?: string;
  readonly force?: boolean;
}

/** `triskel init [file]`: asks what options do not say, and writes a blueprint that generates. */
export async function init(
  file: string | undefined,
  options: InitOptions,
  context: Context,
  refuseUsage: (message: string) => ExitCode,
): Promise<ExitCode> {
  const missing = missingOptions(options);
  if (missing.length > 0 && !context.interactive)
    return refuseUsage(`without a terminal, init needs ${missing.join(', ')}`);
  const answers = missing.length > 0 ? await askAnswers(answersOf(options)) : answersOf(options);
  if (answers === undefined) return context.tell({ text: 'Nothing was written.\n', exitCode: EXIT.mistake });
  const key = readKey(answers.sshKey);
  if (blocks(key.diagnostics)) return context.tell({ diagnostics: key.diagnostics });
  const target = file ?? `blueprints/${answers.name}.yaml`;
  const sshKey = key.value;
  const text = initialBlueprint({ ...answers, sshKey }, schemaPathFrom(target));
  const { diagnostics, locate } = readCluster(target, blueprintFiles(new Map([[target, text]])));
  if (blocks(diagnostics)) {
    const refused = diagnostic(
      'cli/invalid-answer',
      'these answers make no blueprint that passes check; nothing was written',
    );
    return context.tell({ diagnostics: [...diagnostics, refused], locate });
  }
  const problems = createFile(target, text, options.force === true);
  if (problems.length > 0) return context.tell({ diagnostics: problems });
  return context.tell({
    text: `wrote ${target}\nNext: \`triskel check ${target}\`, then \`triskel generate ${target}\`.\n`,
    value: { file: target },
    diagnostics,
    locate,
  });
}

/** A key's text, or the text of the file that is named. */
function readKey(sshKey: string | undefined): Checked<string> {
  if (sshKey?.endsWith('.pub') !== true) return { value: sshKey, diagnostics: [] };
  const { value, diagnostics } = readText(sshKey);
  return { value: value?.trim(), diagnostics };
}

function missingOptions({ name, controlPlane, endpoint }: InitOptions): string[] {
  return [
    ...(name === undefined ? ['--name'] : []),
    ...(controlPlane === undefined ? ['--control-plane'] : []),
    ...(listOf(controlPlane).length > 1 && endpoint === undefined ? ['--endpoint'] : []),
  ];
}

/** What the options say; what they do not is empty or the default. */
function answersOf({ name, os, controlPlane, worker, endpoint, network, sshKey }: InitOptions): Answers {
  return {
    name: name ?? '',
    os: os ?? 'flatcar',
    controlPlane: listOf(controlPlane),
    workers: listOf(worker),
    endpoint,
    network,
    sshKey,
  };
}
