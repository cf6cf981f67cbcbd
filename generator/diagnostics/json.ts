import { formatPath } from '../base/paths.ts';
import type { Code } from './catalog/index.ts';
import type { Diagnostic, Place, Severity } from './diagnostic.ts';
import { positionOf, type Locate } from './source-text.ts';

/** A diagnostic as `--json` prints it. These fields are stable. Lines and columns count from 1, the end is exclusive. */
export interface JsonDiagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly why: string | undefined;
  readonly remedy: string;
  readonly places: readonly JsonPlace[];
  readonly acknowledged: string | undefined;
}

export interface JsonPlace {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly endLine: number | undefined;
  readonly endColumn: number | undefined;
  readonly path: string | undefined;
  readonly note: string | undefined;
}

export function diagnosticToJson(diagnostic: Diagnostic, locate: Locate): JsonDiagnostic {
  const { code, severity, message, why, remedy, places, acknowledged } = diagnostic;
  return { code, severity, message, why, remedy, places: places.map((p) => placeToJson(p, locate)), acknowledged };
}

function placeToJson(place: Place, locate: Locate): JsonPlace {
  const { file, source, range } = locate(place) ?? {};
  const known = source !== undefined && range !== undefined;
  const start = known ? positionOf(source, range[0]) : undefined;
  const end = known ? positionOf(source, range[1]) : undefined;
  return {
    file,
    line: start?.line,
    column: start?.column,
    endLine: end?.line,
    endColumn: end?.column,
    path: place.path === undefined ? undefined : formatPath(place.path),
    note: place.note,
  };
}
