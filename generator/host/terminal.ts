import type { Ora } from 'ora';

/**
 * Says what is being done, once it has taken a second. A promise comes back when it is time to let the screen be drawn;
 * long computations wait for it.
 */
export type Progress = ((text: string) => Promise<void> | undefined) & { readonly stop: () => void };

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outColors: boolean;
  readonly errColors: boolean;
  /** Standard input and error are both a terminal: somebody can be asked. */
  readonly interactive: boolean;
  readonly progress: Progress;
}

/** Milliseconds until anything is shown, and between two frames. */
const PATIENCE = 1000;
const FRAME = 100;

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
  const show = (text: string): Promise<void> | undefined => {
    const now = performance.now();
    if (now - drawn < FRAME) return undefined;
    drawn = now;
    return draw(text);
  };
  const draw = async (text: string): Promise<void> => {
    const { default: ora } = await import('ora');
    spinner ??= ora({ stream, discardStdin: false, text }).start();
    spinner.text = text;
    spinner.render();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return Object.assign(show, {
    stop: () => {
      spinner?.stop();
      spinner = undefined;
    },
  });
}
