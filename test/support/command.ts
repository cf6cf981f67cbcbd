import { contextOf, type Context, type ExitCode } from '../../generator/commands/context.ts';
import { noProgress } from '../../generator/host/terminal.ts';

/** What a command said to people, or to programs. */
export interface Said {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process; `output` is the folder of all clusters' output. */
export async function saidBy(
  command: (context: Context) => Promise<ExitCode>,
  options: { readonly json?: boolean; readonly output?: string } = {},
): Promise<Said> {
  let [out, err] = ['', ''];
  const context = contextOf(options, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    outColors: false,
    errColors: false,
    interactive: false,
    progress: noProgress,
  });
  const exitCode = await command(context);
  return { exitCode, out, err };
}
