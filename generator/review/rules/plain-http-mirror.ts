import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './plain-http-mirror.md';

/** Images that are known by tag alone are not fetched over a connection that anybody may change. */
export const plainHttpMirror: Rule = {
  code: 'review/plain-http-mirror',
  page,
  find: ({ mirrors }) =>
    mirrors.flatMap((mirror, index) => {
      const plain = mirror.endpoints.find((endpoint) => endpoint.startsWith('http://'));
      if (plain === undefined) return [];
      const places = [at(['registries', 'mirrors', index, 'endpoints'])];
      return [{ message: `images of ${mirror.registry} come over plain HTTP from ${plain}`, places }];
    }),
};
