import { logLines, type LogLine } from './lines.ts';
import { beforeKernel, isKernelLine, readReportLine, type Reading, type Said } from './report-line.ts';
import { signOf, type Sign } from './signs.ts';

/** A line of the report, and where it stands in the log. */
export interface Report extends Said {
  readonly line: LogLine;
  /** Seconds since the kernel started; undefined where the line does not say it. */
  readonly up: number | undefined;
}

/** A line of somebody else that says how the boot went. */
export interface Seen {
  readonly sign: Sign;
  readonly line: LogLine;
}

/** What a log has of one boot of a machine. */
export interface Boot {
  /** The beginning of the kernel's boot id; undefined when no line has it. */
  id: string | undefined;
  node: string | undefined;
  /** The log has the kernel's first line. */
  readonly hasBeginning: boolean;
  readonly first: LogLine;
  last: LogLine;
  readonly reports: Report[];
  readonly seen: Seen[];
  /** Lines of the report that are cut and cannot be mended, or of a newer format. */
  readonly cut: LogLine[];
  readonly newer: LogLine[];
}

/** The kernel's first words, which every boot has and no boot has twice. */
const BANNER = /(?:^|\] )Linux version \d/;
/** Lines behind a cut one in which its rest is looked for. */
const REACH = 4;
/** Lines of others that are kept of one boot. */
const MOST_SEEN = 200;

/** The boots in a console's log, in order. Reads whatever it is given; an empty log has no boot. */
export function readBoots(log: string): Boot[] {
  const boots: Boot[] = [];
  const ahead = lookAhead(logLines(log));
  for (let line = ahead.next(); line !== undefined; line = ahead.next()) {
    const boot = boots.at(-1);
    if (boot === undefined || BANNER.test(line.text)) boots.push(newBoot(line));
    const reading = read(line, ahead.peek);
    if (reading !== undefined) take(boots, line, reading);
    const current = boots.at(-1);
    if (current === undefined) continue;
    current.last = line;
    const sign = reading === undefined ? signOf(line.text) : undefined;
    if (sign !== undefined && current.seen.length < MOST_SEEN) current.seen.push({ sign, line });
  }
  return boots;
}

function newBoot(line: LogLine): Boot {
  return {
    id: undefined,
    node: undefined,
    hasBeginning: BANNER.test(line.text),
    first: line,
    last: line,
    reports: [],
    seen: [],
    cut: [],
    newer: [],
  };
}

function take(boots: Boot[], line: LogLine, reading: Exclude<Reading, undefined>): void {
  let boot = boots.at(-1);
  if (boot === undefined) return;
  if (reading === 'cut') boot.cut.push(line);
  else if (reading === 'newer') boot.newer.push(line);
  else {
    const id = reading.fields['boot'];
    if (id !== undefined && boot.id !== undefined && id !== boot.id) {
      boot = newBoot(line);
      boots.push(boot);
    }
    boot.id ??= id;
    boot.node = reading.node;
    const up = Number(reading.fields['up'] ?? Number.NaN);
    boot.reports.push({ ...reading, line, up: Number.isNaN(up) ? undefined : up });
  }
}

/** A line that the kernel wrote into is mended with its rest. */
function read({ text }: LogLine, peek: (count: number) => readonly LogLine[]): Reading {
  const reading = readReportLine(text);
  const head = reading === 'cut' ? beforeKernel(text) : undefined;
  if (head === undefined) return reading;
  const rest = peek(REACH).find((line) => !isKernelLine(line.text));
  return rest === undefined ? reading : readReportLine(head + rest.text);
}

interface LookAhead {
  readonly next: () => LogLine | undefined;
  /** So many of the lines that `next` will give. */
  readonly peek: (count: number) => readonly LogLine[];
}

function lookAhead(lines: Iterator<LogLine, undefined>): LookAhead {
  const kept: LogLine[] = [];
  const pull = (): boolean => {
    const { value, done } = lines.next();
    if (done !== true) kept.push(value);
    return done !== true;
  };
  return {
    next: () => {
      if (kept.length === 0) pull();
      return kept.shift();
    },
    peek: (count) => {
      while (kept.length < count && pull());
      return kept.slice(0, count);
    },
  };
}
