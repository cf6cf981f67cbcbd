import type { Ora } from 'ora';

/** What is being done: a text of one or more lines, or one that is asked for anew while it is shown. */
export type Doing = string | (() => string);

/**
 * Says what is being done, once it has taken a second. A promise comes back when it is time to let the screen be drawn;
 * long computations wait for it.
 */
export type Progress = ((doing: Doing) => Promise<void> | undefined) & { readonly stop: () => void };

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outColors: boolean;
  readonly errColors: boolean;
  /** Standard input and error are both a terminal: somebody can be asked. */
  readonly interactive: boolean;
  readonly progress: Progress;
}

/** Milliseconds until anything is shown, between two frames, and until a text is asked for anew. */
const PATIENCE = 1000;
const FRAME = 100;
const TICK = 500;

/** For output that programs read. */
export const noProgress: Progress = Object.assign(() => undefined, { stop: () => undefined });

export function openTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  // Whoever reads may stop reading (`| head`): the work goes on, the rest is not shown.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outColors: hasColors(stdout),
    errColors: hasColors(stderr),
    interactive: stdin.isTTY && stderr.isTTY,
    progress: progressOn(stderr),
  };
}

/** https://no-color.org: any value but an empty one; FORCE_COLOR as Node reads it. */
function hasColors(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = process.env;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY && stream.hasColors();
}

function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return noProgress;
  const start = performance.now();
  let drawn = start + PATIENCE - FRAME;
  let spinner: Ora | undefined;
  let ticking: NodeJS.Timeout | undefined;
  // Counts what was stopped: a drawing that has waited for the library until then comes too late.
  let stopped = 0;
  const show = (doing: Doing): Promise<void> | undefined => {
    clearInterval(ticking);
    ticking = typeof doing === 'string' ? undefined : setInterval(() => void frame(doing), TICK).unref();
    return frame(doing);
  };
  const frame = (doing: Doing): Promise<void> | undefined => {
    const now = performance.now();
    if (now - drawn < FRAME) return undefined;
    drawn = now;
    return draw(typeof doing === 'string' ? doing : doing());
  };
  const draw = async (text: string): Promise<void> => {
    const at = stopped;
    const { default: ora } = await import('ora');
    if (at !== stopped) return;
    spinner ??= ora({ stream, discardStdin: false, text }).start();
    spinner.text = text;
    spinner.render();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return Object.assign(show, {
    stop: () => {
      stopped++;
      clearInterval(ticking);
      spinner?.stop();
      spinner = undefined;
    },
  });
}
