import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './plain-http-payload.md';

/** Payloads that are served hold a node's keys: nobody on the way may read them. */
export const plainHttpPayload: Rule = {
  code: 'review/plain-http-payload',
  page,
  find({ payload: { serve } }) {
    if (serve?.url.startsWith('http://') !== true) return [];
    return [{ message: `keys of nodes travel over plain HTTP from ${serve.url}`, places: [at(['payload', 'serve'])] }];
  },
};
