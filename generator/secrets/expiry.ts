import { sortedBy } from '../base/order.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SecretsSpec } from './specs.ts';
import type { Store } from './store.ts';

const DAY = 86_400_000;

/** When to speak up, in days before the end: a CA's change takes three rounds over all nodes. */
const WARN_DAYS = { ca: 365, leaf: 90 };

/** How a certificate stands with its end. */
export type Term = 'good' | 'expires soon' | 'expired';

/** How long a certificate still serves. `lifetime` in days: what lives short is not called soon for all of its life. */
export function termOf(notAfter: string, kind: 'ca' | 'leaf', lifetime: number, now: Date): Term {
  const left = daysLeft(notAfter, now);
  if (left < 0) return 'expired';
  return left < Math.min(WARN_DAYS[kind], lifetime / 3) ? 'expires soon' : 'good';
}

/** Whole days until the end; negative once it is over. */
export function daysLeft(notAfter: string, now: Date): number {
  return Math.floor((Date.parse(notAfter) - now.getTime()) / DAY);
}

/** One finding for all that have expired and one for all that will soon, each naming the first. */
export function reviewExpiry(spec: SecretsSpec, store: Store, now: Date): Diagnostic[] {
  const all = [
    ...spec.cas.map(({ id, years }) => ({
      id: id,
      notAfter: store.cas[id]?.current.notAfter,
      kind: 'ca' as const,
      days: years * 365,
    })),
    ...spec.certificates.map(({ id, days }) => ({
      id,
      notAfter: store.certificates[id]?.notAfter,
      kind: 'leaf' as const,
      days,
    })),
  ].flatMap(({ id, notAfter, kind, days }) =>
    notAfter === undefined ? [] : [{ id, notAfter, term: termOf(notAfter, kind, days, now) }],
  );
  const say = (code: 'secrets/expired' | 'secrets/expires-soon', term: Term, verb: string): Diagnostic[] => {
    const found = sortedBy(
      all.filter((each) => each.term === term),
      ({ notAfter }) => notAfter,
    );
    const [first] = found;
    if (first === undefined) return [];
    const text = `${first.id} ${verb} on ${first.notAfter.slice(0, 10)}`;
    const others = found.length === 1 ? '' : `, and ${String(found.length - 1)} more`;
    return [diagnostic(code, `${text}${others}`)];
  };
  return [...say('secrets/expired', 'expired', 'expired'), ...say('secrets/expires-soon', 'expires soon', 'expires')];
}
