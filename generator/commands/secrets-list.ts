import { readCluster } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { now } from '../host/clock.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { inventoryOf, type InventoryEntry } from '../secrets/inventory.ts';
import type { Context, ExitCode } from './context.ts';
import { table } from './table.ts';

/** `triskel secrets list <blueprint>`: every key, certificate and value, until when it lives, never what it is. */
export async function secretsList(file: string, context: Context): Promise<ExitCode> {
  const { cluster, secrets, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined || secrets === undefined) return context.tell({ diagnostics, locate });
  const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: 'read' });
  if (opened.value === undefined) return context.tell({ diagnostics: opened.diagnostics, locate });
  const entries = inventoryOf(secrets, opened.value.store, now());
  return context.tell({
    text: table(COLUMNS, rowsOf(entries)),
    value: { cluster: cluster.name, store: request.file, secrets: entries },
    diagnostics: opened.diagnostics,
    locate,
  });
}

const COLUMNS = ['name', 'issued by', 'until', 'days left', 'state', 'what'] as const;

function rowsOf(entries: readonly InventoryEntry[]): string[][] {
  return entries.map(({ name, issuer = '', notAfter = '', daysLeft, state, what }) => {
    return [name, issuer, notAfter.slice(0, 10), daysLeft === undefined ? '' : String(daysLeft), state, what];
  });
}
