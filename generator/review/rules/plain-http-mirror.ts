import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** Images that are known by tag alone are not fetched over a connection that anybody may change. */
export const plainHttpMirror: Rule = (cluster) =>
  cluster.mirrors.flatMap((mirror, index) => {
    const plain = mirror.endpoints.find((endpoint) => endpoint.startsWith('http://'));
    if (plain === undefined) return [];
    const place = [at(['registries', 'mirrors', index, 'endpoints'])];
    return [
      diagnostic('review/plain-http-mirror', `images of ${mirror.registry} come over plain HTTP from ${plain}`, place),
    ];
  });
