import { readCluster } from '../compile.ts';
import { ownFacts, type Facts } from '../cluster/facts.ts';
import { fittingLines, newestPatch, supportedMinors, versionsFor, type Versions } from '../cluster/versions.ts';
import { diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import type { Context, ExitCode } from './context.ts';
import { table } from './table.ts';

/** In the order in which they are shown. */
const PROGRAMS = [
  'etcd',
  'containerd',
  'runc',
  'crictl',
  'cniPlugins',
  'pause',
  'coredns',
  'flannel',
  'flannelCniPlugin',
  'calico',
  'cilium',
  'cloudControllerManager',
] as const;

type ProgramName = (typeof PROGRAMS)[number];

/** A program that runs, and why in this version. */
interface Row {
  readonly program: ProgramName;
  readonly version: string;
  /** triskel: its own facts. facts: a file that the blueprint names. blueprint: components.<program>.version. */
  readonly from: 'triskel' | 'facts' | 'blueprint';
  /** The upstream document, where one is named. */
  readonly source: string | undefined;
  /** Release lines that may be chosen, and the oldest patch of each. */
  readonly fits: Readonly<Record<string, string>> | undefined;
}

/** `triskel versions [what]`: what goes with a Kubernetes version or a blueprint; without one, every minor version. */
export function versions(what: string | undefined, context: Context): ExitCode {
  if (what === undefined) return all(context);
  if (/^v?\d+\.\d+(\.\d+)?$/.test(what)) return one(what.replace(/^v/, ''), context);
  const { cluster, diagnostics, locate } = readCluster(what, blueprintFiles());
  if (cluster === undefined) return context.tell({ diagnostics, locate });
  const chosen = PROGRAMS.filter((name) => name in cluster.options && isChosen(cluster.options, name));
  return tellOne(cluster.versions, chosen, context);
}

function all(context: Context): ExitCode {
  const minors = supportedMinors(ownFacts).map((minor) => {
    const found = versionsFor(ownFacts, newestPatch(ownFacts, minor));
    if (typeof found === 'string') throw new Error(found);
    return found;
  });
  const isDefault = (minor: string): boolean => minor === ownFacts.kubernetes.default;
  const titles = ['kubernetes', ...PROGRAMS];
  const rows = minors.map((run) => [
    `${run.kubernetes}${isDefault(run.minor) ? ' (default)' : ''}`,
    ...PROGRAMS.map((name) => run[name]),
  ]);
  const value = minors.map((run) => ({
    kubernetes: run.kubernetes,
    default: isDefault(run.minor),
    ...Object.fromEntries(PROGRAMS.map((name) => [name, run[name]])),
  }));
  return context.tell({ text: table(titles, rows), value: { versions: value } });
}

function one(version: string, context: Context): ExitCode {
  const isMinor = version.split('.').length === 2;
  const found = versionsFor(ownFacts, isMinor ? newestPatch(ownFacts, version) : version);
  if (typeof found !== 'string') return tellOne(found, [], context);
  return context.tell({ diagnostics: [diagnostic('cluster/unsupported-version', found)] });
}

function tellOne(run: Versions, chosen: readonly ProgramName[], context: Context): ExitCode {
  const rows = PROGRAMS.map((program) => rowOf(run, program, chosen.includes(program)));
  const text = table(
    ['program', 'version', 'from', 'may be', 'source'],
    [
      ['kubernetes', run.kubernetes, '', '', ''],
      ...rows.map(({ program, version, from, fits, source }) => [
        program,
        version,
        from,
        linesText(fits),
        source ?? '',
      ]),
    ],
  );
  return context.tell({ text, value: { kubernetes: run.kubernetes, programs: rows } });
}

function rowOf(run: Versions, program: ProgramName, isChosen: boolean): Row {
  const fits =
    program === 'etcd' || program === 'containerd' ? Object.fromEntries(fittingLines(run, program)) : undefined;
  const own = factOf(ownFacts, run.minor, program);
  const fact = factOf(run.facts, run.minor, program);
  const from = isChosen ? 'blueprint' : fact.version === own.version ? 'triskel' : 'facts';
  // A file that changes a version and not its source leaves a source that speaks of another version.
  const isStale = from === 'blueprint' || (from === 'facts' && fact.source === own.source);
  return { program, version: run[program], from, source: isStale ? undefined : fact.source, fits };
}

function factOf(facts: Facts, minor: string, program: ProgramName): { version?: string; source?: string } {
  const row = { ...facts.common, ...facts.kubernetes.minors[minor] };
  const sources = { ...facts.common.sources, ...facts.kubernetes.minors[minor]?.sources };
  const version = row[program];
  const source = sources[program];
  return { ...(version === undefined ? {} : { version }), ...(source === undefined ? {} : { source }) };
}

function isChosen(options: object, program: ProgramName): boolean {
  const own = (options as Readonly<Record<string, { readonly version?: string } | undefined>>)[program];
  return own?.version !== undefined;
}

function linesText(fits: Readonly<Record<string, string>> | undefined): string {
  return Object.values(fits ?? {})
    .map((from) => `${from}+`)
    .join(', ');
}
