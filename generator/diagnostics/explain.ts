import { groupBy } from '../base/order.ts';
import { didYouMean } from '../base/suggestions.ts';
import { catalog, type Code } from './catalog/index.ts';

const CODES = Object.keys(catalog) as Code[];

export function isCode(text: string): text is Code {
  return Object.hasOwn(catalog, text);
}

/** ` Did you mean "x"?`, or nothing; a name without its stage is enough to be found. */
export function codeHint(unknown: string): string {
  const sameName = CODES.find((code) => code.split('/')[1] === unknown);
  return sameName === undefined ? didYouMean(unknown, CODES) : ` Did you mean "${sameName}"?`;
}

/** What the catalog says of one code. */
export function explainCode(code: Code): string {
  const { severity, summary, why, remedy } = catalog[code];
  return `${code} (${severity})\n\n${summary}\n\nWhy: ${why}\n\nFix: ${remedy}\n`;
}

/** Every code with its law, by stage. */
export function listCodes(): string {
  const width = Math.max(...CODES.map((code) => code.length));
  const stages = [...groupBy(CODES, (code) => code.split('/')[0]).values()];
  return stages
    .map((codes) => codes.map((code) => `${code.padEnd(width)}  ${catalog[code].summary}\n`).join(''))
    .join('\n');
}
