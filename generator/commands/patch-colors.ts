import { styleText } from 'node:util';
import { withoutControls } from '../diagnostics/code-frame.ts';

const COLORS = { '+': 'green', '-': 'red', '@': 'cyan' } as const;

/** A unified diff in the colours that git uses, for a terminal: what it would obey and not show is made visible. */
export function paintPatch(patch: string): string {
  return withoutControls(patch)
    .split('\n')
    .map((line) => {
      if (line.startsWith('--- ') || line.startsWith('+++ ')) return paint('bold', line);
      const color = COLORS[line.charAt(0) as keyof typeof COLORS] as (typeof COLORS)[keyof typeof COLORS] | undefined;
      return color === undefined ? line : paint(color, line);
    })
    .join('\n');
}

function paint(format: 'bold' | 'green' | 'red' | 'cyan', text: string): string {
  return styleText(format, text, { validateStream: false });
}
