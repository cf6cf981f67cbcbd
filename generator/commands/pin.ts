import { X509Certificate } from 'node:crypto';
import { pinsFileOf } from '../cluster/pins.ts';
import { compile } from '../compile.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { readText } from '../host/files.ts';
import { httpClient } from '../host/http.ts';
import { writePins } from '../host/pins-file.ts';
import { EXIT, type Context, type ExitCode, type Outcome } from './context.ts';
import { isNetworkCode, lookUpPins, type LookupOptions, type LookupResult, type PinChange } from './pin-lookup.ts';
import { pinTargets, unpinned, type PinTargets } from './pin-targets.ts';

export interface PinOptions extends LookupOptions {
  /** Say what is not pinned, ask no server, write nothing. */
  readonly check: boolean;
  /** A file with further CA certificates (PEM). */
  readonly ca?: string;
}

/**
 * `triskel pin <blueprint>`: looks up the hashes of downloads and the digests of images that the blueprint's cluster
 * fetches, and keeps them in the pins file beside it. What was found is kept even where something else failed.
 */
export async function pin(file: string, options: PinOptions, context: Context): Promise<ExitCode> {
  const compiled = await compile(file, blueprintFiles(), context.progress);
  const { cluster, plans, locate } = compiled;
  const pinsFile = pinsFileOf(file);
  // A hash that is missing is no error here, and what the review finds is not asked; but pins that do not read are.
  const inPins = compiled.diagnostics.filter(({ places }) => places.some((place) => place.file === pinsFile));
  if (cluster === undefined || blocks(inPins)) return context.tell({ diagnostics: compiled.diagnostics, locate });
  const targets = pinTargets(cluster, plans);
  if (options.check) return context.tell({ ...checkOutcome(unpinned(targets, cluster.pins)), locate });
  const ca = options.ca === undefined ? undefined : readCertificates(options.ca);
  if (ca !== undefined && ca.value === undefined) return context.tell({ diagnostics: ca.diagnostics });

  const client = httpClient({
    ca: ca?.value,
    onWait: ({ url, detail }, pause) => {
      void context.progress(`${new URL(url).host}: ${detail}; next attempt in ${String(Math.ceil(pause / 1000))} s`);
    },
  });
  const found = await lookUpPins(cluster, targets, options, client, (name, done, total, received, size) => {
    void context.progress(`${String(done)} of ${String(total)}: ${name}${bytesText(received, size)}`);
  });
  await client.close();
  const problems = found.changes.length > 0 ? writePins(pinsFile, found.pins) : [];
  const diagnostics = [...found.diagnostics, ...problems];
  const outcome: Outcome = {
    text: problems.length > 0 ? '' : changesText(pinsFile, found),
    value: { file: pinsFile, changes: problems.length > 0 ? [] : found.changes },
    diagnostics,
    locate,
  };
  return context.tell(
    diagnostics.some(({ code }) => isNetworkCode(code)) ? { ...outcome, exitCode: EXIT.network } : outcome,
  );
}

function checkOutcome({ downloads, images }: PinTargets): Outcome {
  const diagnostics = [
    ...downloads.map(({ title, url }) => diagnostic('pin/unpinned', `${title} has no known sha256: ${url}`)),
    ...images.map(({ reference }) => diagnostic('pin/unpinned', `${reference} has a tag and no digest`)),
  ];
  return {
    text: diagnostics.length === 0 ? 'Everything is pinned.\n' : '',
    value: { downloads: downloads.map(({ url }) => url), images: images.map(({ reference }) => reference) },
    diagnostics,
  };
}

function changesText(file: string, { changes, pins }: LookupResult): string {
  const lines = changes.map(({ change, name, hash, publishedAt }) => {
    const source =
      publishedAt === undefined ? '' : `, published in ${publishedAt.slice(publishedAt.lastIndexOf('/') + 1)}`;
    return `${MARKS[change]} ${name}\n    ${hash}${source}\n`;
  });
  const counts = (['added', 'changed', 'dropped'] as const)
    .map((kind) => ({ kind, count: changes.filter(({ change }) => change === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${String(count)} ${kind}`);
  const all = Object.keys(pins.downloads).length + Object.keys(pins.images).length;
  const summary = counts.length === 0 ? 'nothing changed' : counts.join(', ');
  return `${lines.join('')}${file}: ${summary}; ${String(all)} pinned\n`;
}

const MARKS: Readonly<Record<PinChange['change'], string>> = { added: '+', changed: '~', dropped: '-' };

function bytesText(received: number | undefined, size: number | undefined): string {
  if (received === undefined) return '';
  const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
  return `, ${megabytes(received)}${size === undefined ? '' : ` of ${megabytes(size)}`} MB`;
}

function readCertificates(file: string): Checked<string> {
  const text = readText(file);
  if (text.value === undefined) return text;
  const blocksOfPem = text.value.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const refuse = (message: string): Checked<string> => {
    const diagnostics: Diagnostic[] = [diagnostic('pin/invalid-ca', message, [{ file }])];
    return { value: undefined, diagnostics };
  };
  if (blocksOfPem.length === 0) return refuse(`${file} holds no certificate in PEM`);
  try {
    for (const block of blocksOfPem) new X509Certificate(block);
  } catch {
    return refuse(`${file} holds a certificate that does not read`);
  }
  return { value: blocksOfPem.join('\n'), diagnostics: [] };
}
