import type { Path } from '../base/paths.ts';
import { catalog, type Code } from './catalog/index.ts';

export type Severity = 'error' | 'warning' | 'note';

/** A place in the blueprint that a diagnostic speaks of. */
export interface Place {
  /** Path in the merged blueprint, or in `file` when that is given. */
  readonly path?: Path;
  /** A file other than the blueprint (pins, store, output), when the place lies there. */
  readonly file?: string;
  /** Character offsets [start, end) in `file` or in the source that `source` names, for errors of syntax. */
  readonly range?: readonly [number, number];
  /** The source file whose text `range` counts in; the blueprint when left out. */
  readonly source?: string;
  /** Underline the key and not its value: the key itself is what is wrong. */
  readonly onKey?: boolean;
  /** A few words on this place, when there are several: "first here". */
  readonly note?: string;
}

/**
 * One finding. `message` says what is wrong with the values at hand; why it matters and what to do come from the
 * catalog of codes unless given here. Positions are found when it is printed.
 */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly why?: string;
  readonly remedy: string;
  readonly places: readonly Place[];
  /** The reason from the blueprint's `acknowledge`, when the finding was acknowledged there. */
  readonly acknowledged?: string;
}

/** What a stage could make, and what it has to say: a value may come with errors, and errors without a value. */
export interface Checked<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A diagnostic of the catalog's severity, reason and remedy. */
export function diagnostic(
  code: Code,
  message: string,
  places: readonly Place[] = [],
  remedy: string = catalog[code].remedy,
): Diagnostic {
  const { severity, why } = catalog[code];
  return { code, severity, message, why, remedy, places };
}

/** Shorthand for the common place: a path of the blueprint. */
export function at(path: Path, note?: string): Place {
  return note === undefined ? { path } : { path, note };
}

/** True when an error stands that nobody acknowledged: nothing may be written then. */
export function blocks(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error' && d.acknowledged === undefined);
}
