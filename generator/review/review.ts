import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { groupBy } from '../base/order.ts';
import { didYouMean } from '../base/suggestions.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Finding, ReviewCode, Rule } from './rule.ts';
import { allRules } from './rules.ts';

/** What a blueprint knows and wants. */
export type Acknowledgements = NonNullable<Blueprint['acknowledge']>;

/**
 * What these rules find; what the blueprint acknowledges is kept and marked, and no longer blocks. An acknowledgement of one
 * of these rules that finds nothing is told.
 */
export function review<Subject>(
  rules: readonly Rule<Subject>[],
  subject: Subject,
  acknowledge: Acknowledgements,
): readonly Diagnostic[] {
  const found = rules.flatMap(({ code, find }) => find(subject).map((finding) => told(code, finding)));
  const reasons = new Map<string, string>(acknowledge.map(({ code, reason }) => [code, reason]));
  const silent = new Set<string>(rules.map(({ code }) => code));
  for (const { code } of found) silent.delete(code);
  const idle = acknowledge.flatMap(({ code }, index) =>
    silent.has(code) ? [idleAt(index, `nothing in this blueprint raises ${code}`)] : [],
  );
  const marked = found.map((d) => {
    const acknowledged = reasons.get(d.code);
    return acknowledged === undefined ? d : { ...d, acknowledged };
  });
  return [...marked, ...idle];
}

/** Acknowledgements of what no rule says. */
export function unknownAcknowledgements(acknowledge: Acknowledgements): readonly Diagnostic[] {
  const known = allRules.map(({ code }): string => code);
  return acknowledge.flatMap(({ code }, index) =>
    known.includes(code) ? [] : [idleAt(index, `no rule says ${code}.${didYouMean(code, known)}`)],
  );
}

function idleAt(index: number, message: string): Diagnostic {
  return diagnostic('review/idle-acknowledgement', message, [at(['acknowledge', index])]);
}

/** Nodes of one group have one place. */
function told(code: ReviewCode, { message, places, remedy }: Finding): Diagnostic {
  const distinct = [...groupBy(places, (place) => JSON.stringify(place)).values()].flatMap(([first]) => first ?? []);
  return diagnostic(code, message, distinct, remedy);
}
