import { readFileSync } from 'node:fs';

/** All of standard input as text. Whoever types it at a terminal ends it with Ctrl-D. */
export function readStandardInput(): string {
  return readFileSync(0, 'utf8');
}
