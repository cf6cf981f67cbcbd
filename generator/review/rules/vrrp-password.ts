import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './vrrp-password.md';

/** A password that is sent in the clear keeps nobody out (RFC 3768, section 10; RFC 9568 has none). */
export const vrrpPassword: Rule = {
  code: 'review/vrrp-password',
  page,
  find({ options, virtualIps }) {
    if (options.keepalived?.authentication !== 'pass' || !virtualIps.some(({ movedBy }) => movedBy === 'keepalived'))
      return [];
    const message =
      'keepalived sends a password of eight characters with every advert, for everybody on the network to read';
    return [{ message, places: [at(['components', 'keepalived', 'authentication'])] }];
  },
};
