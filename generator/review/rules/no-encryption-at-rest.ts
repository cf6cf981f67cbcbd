import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** Secrets lie encrypted in etcd, its disk and its backups. */
export const noEncryptionAtRest: Rule = (cluster) => {
  if (cluster.encryptionAtRest.provider !== 'none') return [];
  return [
    diagnostic('review/no-encryption-at-rest', 'secrets are written to etcd as they are', [
      at(['encryptionAtRest', 'provider']),
    ]),
  ];
};
