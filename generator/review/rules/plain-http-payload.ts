import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** Payloads that are served hold a node's keys: nobody on the way may read them. */
export const plainHttpPayload: Rule = ({ payload: { serve } }) =>
  serve?.url.startsWith('http://') === true
    ? [
        diagnostic('review/plain-http-payload', `keys of nodes travel over plain HTTP from ${serve.url}`, [
          at(['payload', 'serve']),
        ]),
      ]
    : [];
