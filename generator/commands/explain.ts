import { catalog } from '../diagnostics/catalog/index.ts';
import { diagnostic } from '../diagnostics/diagnostic.ts';
import { codeHint, explainCode, isCode, listCodes } from '../diagnostics/explain.ts';
import { pageOf } from '../review/rules.ts';
import type { Context, ExitCode } from './context.ts';

/** `triskel explain [code]`: what a code means, why, and what to do; without one, the list of all. */
export function explain(code: string | undefined, context: Context): ExitCode {
  if (code === undefined) return context.tell({ text: listCodes(), value: { codes: catalog } });
  if (!isCode(code)) {
    const text = `there is no code "${code}".${codeHint(code)}`;
    return context.tell({ diagnostics: [diagnostic('cli/unknown-code', text)] });
  }
  const page = pageOf(code);
  // A rule's page says why and what to do at length.
  const text = page === undefined ? explainCode(code) : `${code} (${catalog[code].severity})\n\n${page}`;
  return context.tell({ text, value: { code, ...catalog[code], page } });
}
