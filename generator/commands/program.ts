import { Command, CommanderError, type OutputConfiguration } from 'commander';
import type { Terminal } from '../host/terminal.ts';
import { examples, type Act } from './act.ts';
import { addCommands } from './command-tree.ts';
import { contextOf, EXIT, type ExitCode, type GlobalOptions, type Outcome } from './context.ts';

declare const TRISKEL_VERSION: string;

/** Runs what the arguments say. Each command's own code is loaded when it runs, so that start-up stays short. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const act: Act = (action) =>
    async function (this: Command, ...given) {
      const options = this.optsWithGlobals<GlobalOptions>();
      const told: Outcome[] = [];
      const context = contextOf(options, terminal, (outcome) => told.push(outcome));
      exitCode = await action(context, ...given);
      if (options.sarif === undefined) return;
      const { writeSarif } = await import('./sarif-file.ts');
      const diagnostics = writeSarif(options.sarif, told, { version: TRISKEL_VERSION, exitCode });
      if (diagnostics.length > 0) exitCode = context.tell({ diagnostics });
    };
  const program = programOf(TRISKEL_VERSION, act, { writeOut: terminal.out, writeErr: terminal.err });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are asked for; everything else that commander throws is wrong usage.
    return error.code === 'commander.helpDisplayed' || error.code === 'commander.version' ? EXIT.ok : EXIT.usage;
  }
}

/** The program with all its commands; `act` says what running one does. */
export function programOf(version: string, act: Act, output: OutputConfiguration): Command {
  const program = new Command('triskel')
    .description('Compiles one cluster blueprint into the first-boot configuration of every node.')
    .version(version, '--version')
    .option('--json', 'one JSON object a line on standard output, diagnostics in it')
    .exitOverride()
    .configureOutput(output)
    .showHelpAfterError('Run it with --help for examples.')
    .helpCommand(false)
    .addHelpText('after', examples('triskel init', 'triskel generate', 'triskel explain review/two-etcd-members'));
  addCommands(program, act);
  return program;
}
