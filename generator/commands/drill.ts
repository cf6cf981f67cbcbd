import { compile } from '../compile.ts';
import { diagnostic } from '../diagnostics/diagnostic.ts';
import { apiMover, DRILLS, whyNot, type DrillName } from '../drill/drills.ts';
import { hasPassed, reportPage, type DrillReport, type DrillResult } from '../drill/report.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { now } from '../host/clock.ts';
import { machineLoad, takePrecedence } from '../host/lab/requirements.ts';
import { shuffled } from '../host/random.ts';
import { writeReport } from '../host/report-file.ts';
import { balancerOf } from '../lab/balancer.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';
import { Bench } from './drill-bench.ts';
import { coldStart, RUN } from './drill-steps.ts';
import { isReady } from './generation.ts';
import { raiseLab } from './lab-raise.ts';

export interface DrillOptions {
  readonly only?: readonly DrillName[];
  readonly mirror?: string;
  /** Seconds by which one node of the cold start is late. */
  readonly late: number;
  /** Seconds that a cluster may take to be well. */
  readonly timeout: number;
  /** A file for the report as a page. */
  readonly page?: string;
  /** A file for the report as JSON. */
  readonly data?: string;
}

/** What the measures of a cluster without a virtual IP are of. */
const NO_ADDRESS =
  'no virtual IP: the client asks every API server and takes the first answer, as a balancer that knows which are well; drills of the holder are of the first node';

/** How often a drill is run whose measure says nothing. */
const TRIES = 3;

/** `triskel drill <blueprint>`: boots it in a lab, breaks it in every way, and says how long the API was gone each time. */
export async function drill(file: string, options: DrillOptions, context: Context): Promise<ExitCode> {
  const compilation = await compile(file, blueprintFiles(), context.progress);
  const { diagnostics, locate } = compilation;
  if (!isReady(compilation)) return context.tell({ diagnostics, locate });
  const name = `drill-${compilation.cluster.name}`;
  const machine = machineLoad();
  const raised = await raiseLab(file, compilation, { name, own: options.mirror }, context);
  if (raised.value === undefined) return context.tell({ diagnostics: raised.diagnostics });
  takePrecedence();
  const { lab, twin } = raised.value;
  const hasVirtualIp = apiMover(twin.cluster) !== undefined;
  const hasAddress = hasVirtualIp || balancerOf(twin.cluster) !== undefined;
  const notes = [...raised.value.notes, ...(hasAddress ? [] : [NO_ADDRESS])];
  const date = now().toISOString();
  const drills: DrillResult[] = [];
  const bench = new Bench(raised.value, options.timeout, context);
  let report: DrillReport;
  try {
    const first = await coldStart(bench, shuffled(bench.nodes), options.late);
    drills.push(first);
    tell(first);
    let unwell = first.state === 'failed' ? 'the cluster never was well' : undefined;
    for (const each of DRILLS.filter((one) => one !== 'cold-start' && (options.only?.includes(one) ?? true))) {
      const cannot = whyNot(each, twin.cluster);
      // Once it is not well, nothing that follows waits for it again.
      unwell ??= await bench.well();
      const result: DrillResult =
        cannot !== undefined
          ? { drill: each, state: 'not run', notes: [cannot] }
          : unwell !== undefined
            ? { drill: each, state: 'failed', notes: [`it was not begun: ${unwell}`] }
            : await measured(each, bench);
      drills.push(result);
      tell(result);
    }
    const invariants = await bench.invariants();
    report = {
      cluster: twin.cluster.name,
      blueprint: file,
      hasVirtualIp,
      date,
      machine,
      differences: notes,
      drills,
      invariants,
    };
  } finally {
    await lab.stop();
  }
  const page = reportPage(report);
  const written = [
    ...(options.page === undefined ? [] : writeReport(options.page, page)),
    ...(options.data === undefined ? [] : writeReport(options.data, `${JSON.stringify(report, null, 2)}\n`)),
  ];
  const failed = hasPassed(report) ? [] : [diagnostic('drill/failed', failures(report))];
  const found = [...written, ...failed];
  return context.tell({
    text: page,
    value: { event: 'report', ...report },
    diagnostics: found,
    exitCode: found.length > 0 ? EXIT.mistake : EXIT.ok,
  });

  function tell({ drill: each, state, node, gap, notes: told }: DrillResult): void {
    const shown =
      gap === undefined ? '' : gap === null ? ', no answer any more' : `, ${String(gap)} ms without an answer`;
    const more = told.length === 0 ? '' : `: ${told.join('; ')}`;
    context.event(`${each}${node === undefined ? '' : ` (${node})`}: ${state}${shown}${more}`, {
      event: 'drill',
      drill: each,
      state,
      node,
      gap,
      notes: told,
    });
  }
}

/** Runs a drill; where this machine was too busy to say anything it is run again. */
async function measured(drill: DrillName, bench: Bench): Promise<DrillResult> {
  const unclear: string[] = [];
  for (;;) {
    const result = await RUN[drill](bench);
    if (result.state !== 'unclear' || unclear.length === TRIES - 1)
      return { ...result, notes: [...unclear, ...result.notes] };
    unclear.push(`measured again: ${result.notes.join(', ')}`);
  }
}

function failures({ drills, invariants }: DrillReport): string {
  const open = drills
    .filter(({ state }) => state === 'failed' || state === 'unclear')
    .map(({ drill: each, state }) => `${each} ${state}`);
  const violated = invariants.filter(({ violations }) => violations.length > 0).map(({ says }) => `violated: ${says}`);
  return [...open, ...violated].join(', ');
}
