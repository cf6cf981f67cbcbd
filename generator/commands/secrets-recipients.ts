import { readCluster } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import type { Context, ExitCode } from './context.ts';

/**
 * `triskel secrets recipients <blueprint> [--reencrypt]`: for whom the store is, and who you are. Whoever has left the
 * list can still open what version control has of it: keys that must not be theirs are to be renewed.
 */
export async function secretsRecipients(
  file: string,
  { reencrypt = false }: { readonly reencrypt?: boolean },
  context: Context,
): Promise<ExitCode> {
  const { cluster, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined) return context.tell({ diagnostics, locate });
  const storeFile = storeFileOf(file);
  const request = { file: storeFile, cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: reencrypt ? 'change' : 'read' });
  if (opened.value === undefined) return context.tell({ diagnostics: opened.diagnostics, locate });
  const { store, recipients, recipientsChanged, identities, write } = opened.value;
  const problems = reencrypt ? await write(store) : [];
  const state = reencrypt
    ? `${storeFile} is encrypted anew`
    : recipientsChanged
      ? `${storeFile} is still encrypted for others: run this with --reencrypt`
      : `${storeFile} is encrypted for all of them`;
  const lines = recipients.map((each) => `${each}${identities.recipients.includes(each) ? '  (you)' : ''}\n`);
  return context.tell({
    text: problems.length > 0 ? '' : `${lines.join('')}${state}\n`,
    value: { store: storeFile, recipients, yours: identities.recipients, stale: recipientsChanged && !reencrypt },
    diagnostics: [...opened.diagnostics, ...problems],
    locate,
  });
}
