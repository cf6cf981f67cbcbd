import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './no-encryption-at-rest.md';

/** Secrets lie encrypted in etcd, its disk and its backups. */
export const noEncryptionAtRest: Rule = {
  code: 'review/no-encryption-at-rest',
  page,
  find({ encryptionAtRest }) {
    if (encryptionAtRest.provider !== 'none') return [];
    return [{ message: 'secrets are written to etcd as they are', places: [at(['encryptionAtRest', 'provider'])] }];
  },
};
