import { blocks, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { diagnosticToJson } from '../diagnostics/json.ts';
import { printDiagnostics, summarize } from '../diagnostics/print.ts';
import type { Locate } from '../diagnostics/source-text.ts';
import { noProgress, type Progress, type Terminal } from '../host/terminal.ts';

/** sysexits.h has 69 (unavailable) and 70 (internal software error); 2 is what shells say of wrong usage. */
export const EXIT = { ok: 0, mistake: 1, usage: 2, network: 69, bug: 70 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command found out: told to people as text, to programs as one line of JSON. */
export interface Outcome {
  /** For people, on standard output; lines end with a line feed. */
  readonly text?: string;
  /** For programs; `ok` and `diagnostics` are added to it. */
  readonly value?: object;
  readonly diagnostics?: readonly Diagnostic[];
  /** Finds the diagnostics' places; without it they are told without lines. */
  readonly locate?: Locate;
  /** The file that findings without a place are about. */
  readonly about?: string;
  /** Instead of 1 when an error blocks and 0 when none does. */
  readonly exitCode?: ExitCode;
}

/** What every command is given: how it is to speak, and where it writes. */
export interface Context {
  /** --json: every line on standard output is a JSON object. */
  readonly json: boolean;
  /** Somebody sits before it who can answer. */
  readonly interactive: boolean;
  /** Whether standard output shows colours. */
  readonly color: boolean;
  /** --output: the folder that holds a folder for each cluster. */
  readonly outputFolder: string;
  /** Shown once a command has taken a second; a promise only when it is time to let the screen be drawn. */
  readonly progress: Progress;
  /** Says at once what has happened: `text` (a line) to people, `value` as one line of JSON to programs. */
  readonly event: (text: string, value: object) => void;
  /** Prints an outcome and gives the exit code that it means. */
  readonly tell: (outcome: Outcome) => ExitCode;
}

export interface GlobalOptions {
  readonly json?: boolean;
  /** A file to which everything that is told is written, too, as SARIF. */
  readonly sarif?: string;
  readonly output?: string;
}

/** `listen` hears every outcome that is told. */
export function contextOf(
  { json = false, output = 'output' }: GlobalOptions,
  terminal: Terminal,
  listen: (outcome: Outcome) => void = () => undefined,
): Context {
  return {
    json,
    interactive: terminal.interactive && !json,
    color: terminal.outColors,
    outputFolder: output,
    progress: json ? noProgress : terminal.progress,
    event: (text, value) => {
      if (json) terminal.out(`${JSON.stringify(value)}\n`);
      else {
        terminal.progress.stop();
        terminal.out(`${text}\n`);
      }
    },
    tell: (outcome) => {
      terminal.progress.stop();
      listen(outcome);
      return json ? tellJson(outcome, terminal) : tellText(outcome, terminal);
    },
  };
}

/** Places are found in no file: for diagnostics that speak of files as a whole, or of none. */
export const locateFile: Locate = ({ file }) => (file === undefined ? undefined : { file });

function exitCodeOf({ exitCode, diagnostics = [] }: Outcome): ExitCode {
  return exitCode ?? (blocks(diagnostics) ? EXIT.mistake : EXIT.ok);
}

function tellJson(outcome: Outcome, terminal: Terminal): ExitCode {
  const { value = {}, diagnostics = [], locate = locateFile } = outcome;
  const exitCode = exitCodeOf(outcome);
  const told = { ok: exitCode === EXIT.ok, ...value, diagnostics: diagnostics.map((d) => diagnosticToJson(d, locate)) };
  terminal.out(`${JSON.stringify(told)}\n`);
  return exitCode;
}

function tellText(outcome: Outcome, terminal: Terminal): ExitCode {
  const { text = '', diagnostics = [], locate = locateFile } = outcome;
  terminal.out(text);
  if (diagnostics.length > 0) {
    const printed = printDiagnostics(diagnostics, locate, { color: terminal.errColors });
    terminal.err(`${printed}\n${summarize(diagnostics)}\n`);
  }
  return exitCodeOf(outcome);
}
