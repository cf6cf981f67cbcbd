import type { Location, Log, PhysicalLocation, Region, ReportingDescriptor, Result } from 'sarif';
import { formatPath } from '../base/paths.ts';
import { catalog, type Code } from './catalog/index.ts';
import type { Diagnostic, Place } from './diagnostic.ts';
import { positionOf, type Locate, type SourceText } from './source-text.ts';

/** What one blueprint is told, and how its places are found. */
export interface SarifPart {
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
  /** The file that a finding without a place is about; readers of SARIF want one with each. */
  readonly about: string;
}

/** What the log says of the program and of the run. */
export interface SarifRun {
  readonly version: string;
  readonly exitCode: number;
  /** A rule's page as Markdown; undefined for codes that have none. */
  readonly pageOf: (code: Code) => string | undefined;
  /** A file's name → its URI: relative to the folder that the program runs in, or absolute with a scheme. */
  readonly uriOf: (file: string) => string;
}

const ROOT = '%SRCROOT%';
/** Code scanning shows a finding about a whole file at its first line. */
const WHOLE_FILE: Region = { startLine: 1 };

/**
 * Diagnostics as SARIF 2.1.0 (OASIS), for code scanning: one run, the codes that were said as its rules, and what is acknowledged
 * as suppressed with its reason. Lines and columns count from 1, in characters.
 */
export function sarifLog(parts: readonly SarifPart[], run: SarifRun): Log {
  const codes = [...new Set(parts.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Triskel',
            version: run.version,
            semanticVersion: run.version,
            rules: codes.map((code) => ruleOf(code, run.pageOf(code))),
          },
        },
        invocations: [{ executionSuccessful: true, exitCode: run.exitCode }],
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder that the program ran in.' } } },
        columnKind: 'unicodeCodePoints',
        results: parts.flatMap((part) =>
          part.diagnostics.map((diagnostic) => resultOf(diagnostic, codes.indexOf(diagnostic.code), part, run)),
        ),
      },
    ],
  };
}

function ruleOf(code: Code, page: string | undefined): ReportingDescriptor {
  const { severity, summary, why, remedy } = catalog[code];
  const [stage = ''] = code.split('/');
  return {
    id: code,
    name: code.replace(/(^|[/-])([a-z])/g, (_whole, _before, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    fullDescription: { text: `${summary} ${why}` },
    help: {
      text: `${why} ${remedy}`,
      markdown: page ?? `${summary}\n\n**Why:** ${why}\n\n**What to do:** ${remedy}\n`,
    },
    defaultConfiguration: { level: severity },
    properties: {
      tags: [stage],
      precision: 'very-high',
      'problem.severity': severity === 'note' ? 'recommendation' : severity,
    },
  };
}

function resultOf(diagnostic: Diagnostic, ruleIndex: number, part: SarifPart, run: SarifRun): Result {
  const { code, severity, message, remedy, places, acknowledged } = diagnostic;
  const [first, ...others] = places.flatMap((place) => locationOf(place, part.locate, run) ?? []);
  const related = others.map((location, index) => ({ ...location, id: index + 1 }));
  const own = first ?? { physicalLocation: { ...physicalLocation(part.about, run), region: WHOLE_FILE } };
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: `${message}${/[.?!]$/.test(message) ? '' : '.'} ${remedy}` },
    locations: [own],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(acknowledged === undefined
      ? {}
      : { suppressions: [{ kind: 'inSource', status: 'accepted', justification: acknowledged }] }),
  };
}

function locationOf(place: Place, locate: Locate, run: SarifRun): Location | undefined {
  const { file, source, range } = locate(place) ?? {};
  if (file === undefined) return undefined;
  const region = source === undefined || range === undefined ? WHOLE_FILE : regionOf(source, range);
  return {
    physicalLocation: { ...physicalLocation(file, run), region },
    ...(place.path === undefined || place.path.length === 0
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: formatPath(place.path), kind: 'member' }] }),
    ...(place.note === undefined ? {} : { message: { text: place.note } }),
  };
}

function physicalLocation(file: string, { uriOf }: SarifRun): PhysicalLocation {
  const uri = uriOf(file);
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(uri);
  return { artifactLocation: isAbsolute ? { uri } : { uri, uriBaseId: ROOT } };
}

/** The end is exclusive, there as here. */
function regionOf(source: SourceText, [from, to]: readonly [number, number]): Region {
  const [start, end] = [positionOf(source, from), positionOf(source, to)];
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
