import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './master-count-reconciler.md';

/** API servers that are gone leave the service `kubernetes` by their lease; by a count they stay in it. */
export const masterCountReconciler: Rule = {
  code: 'review/master-count-reconciler',
  page,
  find(cluster) {
    const type = cluster.options['kube-apiserver']?.extraArguments?.['endpoint-reconciler-type'];
    if (type === undefined || type === 'lease') return [];
    const places = [at(['components', 'kube-apiserver', 'extraArguments', 'endpoint-reconciler-type'])];
    const what = String(type);
    return [{ message: `the addresses of the service kubernetes are kept by "${what}", not by leases`, places }];
  },
};
