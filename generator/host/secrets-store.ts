import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { ensureSecrets, type Ensured, type Reason } from '../secrets/ensure.ts';
import { reviewExpiry } from '../secrets/expiry.ts';
import type { Issuing } from '../secrets/making.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import type { Store } from '../secrets/store.ts';
import type { Identities } from './identity.ts';
import { systemIssuing } from './issuing.ts';
import { openStoreFile, type StoreFile, type StoreRequest } from './store-file.ts';

/** A store that has everything its cluster needs; `changed` says whether it differs from what lies on the disk. */
export interface OpenedSecrets {
  readonly store: Store;
  readonly changed: boolean;
  /** What happened, for people; nothing secret. */
  readonly announcements: readonly string[];
  /** Those of them that are true although the store was not saved. */
  readonly lasting: readonly string[];
  /** Writes the store if it changed. Call it before anything that holds its keys is written; errors: nothing was written. */
  readonly save: () => Promise<readonly Diagnostic[]>;
}

/** Opens the blueprint's store, or makes it, and issues what is missing. Errors leave store and identity as they were. */
export async function openSecrets(
  request: Omit<StoreRequest, 'mode'> & { readonly spec: SecretsSpec; readonly create: boolean },
  issuing: Issuing = systemIssuing(),
): Promise<Checked<OpenedSecrets>> {
  const opened = await openStoreFile({ ...request, mode: request.create ? 'create' : 'change' });
  if (opened.value === undefined) return { value: undefined, diagnostics: opened.diagnostics };
  return completeStore(opened.value, request.spec, issuing, opened.diagnostics);
}

/** Issues what a store lacks, and what `renew` names. */
export async function completeStore(
  file: StoreFile,
  spec: SecretsSpec,
  issuing: Issuing,
  before: readonly Diagnostic[] = [],
  renew: ReadonlySet<string> = new Set(),
): Promise<Checked<OpenedSecrets>> {
  const ensured = await ensureSecrets(spec, file.store, issuing, renew);
  if (ensured.value === undefined) return { value: undefined, diagnostics: [...before, ...ensured.diagnostics] };
  const { store } = ensured.value;
  const changed = file.isNew || file.recipientsChanged || store !== file.store;
  return {
    value: {
      store,
      changed,
      announcements: announcements(file, ensured.value),
      lasting: identityAnnouncement(file.identities),
      save: async () => (changed ? file.write(store) : []),
    },
    diagnostics: [...before, ...ensured.diagnostics, ...reviewExpiry(spec, store, issuing.now)],
  };
}

/** What a user must hear of an identity that was just made; nothing of one that was there. */
export function identityAnnouncement({ made, file, recipients }: Identities): string[] {
  if (!made) return [];
  return [
    `made your age identity: ${file} (recipient ${recipients.join(', ')})`,
    'keep a copy of it in a safe place: without it the secrets store cannot be opened',
  ];
}

function announcements(file: StoreFile, { made, dropped }: Ensured): string[] {
  const { recipients, isNew, recipientsChanged } = file;
  const lines = identityAnnouncement(file.identities);
  if (isNew || recipientsChanged) lines.push(`the secrets store is encrypted for ${recipients.join(', ')}`);
  for (const reason of ['new', 'changed', 'new issuer', 'renewed'] as const) {
    const ids = made.filter((each) => each.reason === reason).map(({ id }) => id);
    if (ids.length > 0) lines.push(`${VERBS[reason]} ${listed(ids)}`);
  }
  if (dropped.length > 0) lines.push(`dropped what is no longer there: ${listed(dropped)}`);
  return lines;
}

const VERBS: Readonly<Record<Reason, string>> = {
  new: 'made',
  changed: 'issued again, for what it certifies has changed:',
  'new issuer': 'issued again, by the new CA:',
  renewed: 'renewed',
};

function listed(ids: readonly string[]): string {
  return ids.length <= 5 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')} and ${String(ids.length - 3)} more`;
}
