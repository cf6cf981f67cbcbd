import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** Certificates live long enough to be renewed by people, and no longer than the CA that signed them. */
export const leafLifetime: Rule = ({ pki }) => {
  const place = [at(['pki'])];
  if (pki.leafDays > pki.caYears * 365) {
    const text = `certificates of ${String(pki.leafDays)} days outlive a CA of ${String(pki.caYears)} years`;
    return [diagnostic('review/leaf-lifetime', text, place)];
  }
  if (pki.leafDays >= 90) return [];
  return [
    diagnostic(
      'review/leaf-lifetime',
      `certificates live ${String(pki.leafDays)} days, and nothing renews them by itself`,
      place,
    ),
  ];
};
