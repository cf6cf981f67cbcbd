import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './leaf-lifetime.md';

/** Certificates live long enough to be renewed by people, and no longer than the CA that signed them. */
export const leafLifetime: Rule = {
  code: 'review/leaf-lifetime',
  page,
  find({ pki }) {
    const places = [at(['pki'])];
    if (pki.leafDays > pki.caYears * 365) {
      const message = `certificates of ${String(pki.leafDays)} days outlive a CA of ${String(pki.caYears)} years`;
      return [{ message, places }];
    }
    if (pki.leafDays >= 90) return [];
    return [{ message: `certificates live ${String(pki.leafDays)} days, and nothing renews them by itself`, places }];
  },
};
