import { readCluster } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { ensureIdentity } from '../host/identity.ts';
import { identityAnnouncement } from '../host/secrets-store.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import type { Context, ExitCode } from './context.ts';

/**
 * `triskel secrets recipients <blueprint> [--reencrypt]`: for whom the store is, and who you are, which others need to
 * know before the store can be for you. Whoever has left the list can still open what version control has of it: keys
 * that must not be theirs are to be renewed.
 */
export async function secretsRecipients(
  file: string,
  { reencrypt = false }: { readonly reencrypt?: boolean },
  context: Context,
): Promise<ExitCode> {
  const { cluster, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined) return context.tell({ diagnostics, locate });
  const own = reencrypt ? undefined : (await ensureIdentity()).value;
  const storeFile = storeFileOf(file);
  const request = { file: storeFile, cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: reencrypt ? 'change' : 'read' });
  if (opened.value === undefined) {
    const text = own === undefined ? '' : textOf([...identityAnnouncement(own), ...own.recipients.map(ofYou)]);
    return context.tell({ text, value: { yours: own?.recipients }, diagnostics: opened.diagnostics, locate });
  }
  const { store, recipients, recipientsChanged, identities, write } = opened.value;
  const yours = identities.recipients;
  const problems = reencrypt ? await write(store) : [];
  const state = reencrypt
    ? `${storeFile} is encrypted anew`
    : recipientsChanged
      ? `${storeFile} is still encrypted for another list: run this with --reencrypt`
      : `${storeFile} is encrypted for all of them`;
  const list = recipients.map((each) => (yours.includes(each) ? ofYou(each) : each));
  return context.tell({
    text: problems.length > 0 ? '' : textOf([...list, state]),
    value: { store: storeFile, recipients, yours, stale: recipientsChanged && !reencrypt },
    diagnostics: [...opened.diagnostics, ...problems],
    locate,
  });
}

function ofYou(recipient: string): string {
  return `${recipient}  (you)`;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
