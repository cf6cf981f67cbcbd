import type { Command } from 'commander';
import type { Context, ExitCode } from './context.ts';

/** Makes commander's action of ours: with the context of the command that is run. */
export type Act = <T extends readonly unknown[]>(
  action: (context: Context, ...given: T) => ExitCode | Promise<ExitCode>,
) => (this: Command, ...given: T) => Promise<void>;

/** The section of help that shows how a command is used. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}
