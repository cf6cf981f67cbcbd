import { STATES, type State } from './phases.ts';

/** What one line of the boot report says. */
export interface Said {
  readonly node: string;
  /** One of PHASES, or one of a newer Triskel. */
  readonly phase: string;
  readonly state: State;
  /** `boot`, `up`, `unit`, `result`, `exit`, `phases`, and whatever a newer Triskel adds. */
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A line of the report; or `cut`: a part of one; `newer`: of a format that is not known yet; undefined: something else. */
export type Reading = Said | 'cut' | 'newer' | undefined;

const MARK = /triskel\/(\d+) node=/;
const LINE = /triskel\/1 node=([^\s"[\]]+)((?: [a-z]+=[^\s"[\]]*)*) say="([^"]*)"/;
/** How the kernel begins its lines; it writes them into the middle of others'. */
const KERNEL = /\[ *\d+\.\d{6}\]/;

/** Reads the report's line that stands somewhere in this one: behind a prompt, or a prefix of journald's. */
export function readReportLine(text: string): Reading {
  const mark = MARK.exec(text);
  if (mark === null) return undefined;
  if (mark[1] !== '1') return 'newer';
  const [, node = '', list = '', said = ''] = LINE.exec(text) ?? [];
  if (node === '' || KERNEL.test(said)) return 'cut';
  const fields: Record<string, string> = {};
  for (const field of list.split(' ').slice(1)) {
    const at = field.indexOf('=');
    fields[field.slice(0, at)] = field.slice(at + 1);
  }
  const { phase, state, ...rest } = fields;
  const known = STATES.find((name) => name === state);
  if (phase === undefined || phase === '' || known === undefined) return 'cut';
  return { node, phase, state: known, fields: rest, text: said };
}

/**
 * What stood in a cut line before a kernel's message began in the midst of it; undefined when it was not cut by one. The
 * rest of the report's line begins one of the next lines.
 */
export function beforeKernel(text: string): string | undefined {
  const from = MARK.exec(text)?.index ?? 0;
  const found = KERNEL.exec(text.slice(from));
  return found === null ? undefined : text.slice(0, from + found.index);
}

/** True for a line that is the kernel's from its beginning. */
export function isKernelLine(text: string): boolean {
  return KERNEL.exec(text)?.index === 0;
}
