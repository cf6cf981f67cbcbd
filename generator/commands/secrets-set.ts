import { readCluster } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { identityAnnouncement } from '../host/secrets-store.ts';
import { readStandardInput } from '../host/standard-input.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { enterValue } from '../secrets/enter.ts';
import type { Context, ExitCode } from './context.ts';

/** `triskel secrets set <blueprint> <name>`: keeps what standard input has; it stands in no argument, output or log. */
export async function secretsSet(file: string, name: string, context: Context): Promise<ExitCode> {
  const { cluster, secrets, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined || secrets === undefined) return context.tell({ diagnostics, locate });
  const storeFile = storeFileOf(file);
  const request = { file: storeFile, cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: 'create' });
  if (opened.value === undefined) return context.tell({ diagnostics: opened.diagnostics, locate });
  const { store, identities, write } = opened.value;
  const entered = enterValue(secrets, store, name, readStandardInput());
  const problems = entered.value === undefined ? entered.diagnostics : await write(entered.value);
  const kept = `${name} is kept in ${storeFile}; \`triskel generate\` seals it into boot/`;
  const lines = [...identityAnnouncement(identities), ...(problems.length > 0 ? [] : [kept])];
  return context.tell({
    text: lines.map((line) => `${line}\n`).join(''),
    value: { cluster: cluster.name, store: storeFile, name },
    diagnostics: [...opened.diagnostics, ...problems],
    locate,
  });
}
