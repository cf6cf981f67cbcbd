import { digestOf } from '../base/digests.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { emptyStore, readStore, storeText, type Store } from '../secrets/store.ts';
import { readIfThere } from './files.ts';
import { withLock } from './lock.ts';
import { accessError, identityFile, ensureIdentity, readIdentities, type Identities } from './identity.ts';
import { writeWholeFile } from './whole-file.ts';

/** What is asked of a store's file. */
export interface StoreRequest {
  readonly file: string;
  /** The cluster's name. */
  readonly cluster: string;
  /** The blueprint's recipients; none: the user's own alone. */
  readonly recipients: readonly string[];
  /** read: it will not be written. change: it must be there. create: it is made when it is missing, the identity too. */
  readonly mode: 'read' | 'change' | 'create';
  /** Default: the user's own identity file. */
  readonly identityFile?: string;
}

/** A decrypted store and the way to write it back. */
export interface StoreFile {
  readonly store: Store;
  /** True: there is no file yet. */
  readonly isNew: boolean;
  /** True: it was last encrypted for other recipients than it would be now. */
  readonly recipientsChanged: boolean;
  readonly recipients: readonly string[];
  readonly identities: Identities;
  /** Encrypts and writes, 0600, in one step; what went wrong is told, and the file is then as it was. */
  readonly write: (store: Store) => Promise<readonly Diagnostic[]>;
}

/** The blueprint's store: `<blueprint without .yaml>.secrets.age`. */
export function storeFileOf(blueprintFile: string): string {
  return `${blueprintFile.replace(/\.ya?ml$/, '')}.secrets.age`;
}

/** Opens, decrypts and checks a store. With errors nothing was written but, in mode create, an identity. */
export async function openStoreFile(request: StoreRequest): Promise<Checked<StoreFile>> {
  const { file, cluster, mode } = request;
  let bytes: Buffer | undefined;
  try {
    bytes = readIfThere(file);
  } catch (error) {
    return failed(accessError(file, 'read', error));
  }
  if (bytes === undefined && mode !== 'create') return failed(diagnostic('secrets/no-store', `there is no ${file}`));
  // No identity is made for a store that exists: it could not open it.
  const found = await (bytes === undefined
    ? ensureIdentity(request.identityFile)
    : readIdentities(request.identityFile ?? identityFile()));
  const identities = found.value;
  if (identities === undefined) {
    return found.diagnostics.length > 0 ? { ...found, value: undefined } : failed(noneOpens(request));
  }
  const given = request.recipients.length > 0 ? request.recipients : identities.recipients;
  const recipients = [...new Set(given)].sort();
  const problems = mode === 'read' ? [] : await recipientProblems(recipients, identities);
  const opened: Checked<Store> =
    bytes === undefined ? { value: emptyStore(cluster), diagnostics: [] } : await decrypt(bytes, identities, request);
  const diagnostics = [...found.diagnostics, ...problems, ...opened.diagnostics];
  if (opened.value === undefined || blocks(diagnostics)) return { value: undefined, diagnostics };
  const digest = digestOf(recipients);
  const value: StoreFile = {
    store: opened.value,
    isNew: bytes === undefined,
    recipientsChanged: bytes !== undefined && opened.value.recipients !== digest,
    recipients,
    identities,
    write: (store) => encryptAndWrite({ ...store, recipients: digest }, file, recipients, bytes),
  };
  return { value, diagnostics };
}

/** Recipients that are none, and recipients without the user. */
async function recipientProblems(recipients: readonly string[], own: Identities): Promise<Diagnostic[]> {
  const { Encrypter } = await import('age-encryption');
  const invalid = recipients.flatMap((recipient) => {
    try {
      new Encrypter().addRecipient(recipient);
      return [];
    } catch {
      return [diagnostic('secrets/invalid-recipient', `"${recipient}" is no age recipient`, [RECIPIENTS])];
    }
  });
  if (own.recipients.some((recipient) => recipients.includes(recipient))) return invalid;
  const text = `none of the recipients is yours: ${own.recipients.join(', ')} (${own.file})`;
  return [...invalid, diagnostic('secrets/recipients-without-you', text, [RECIPIENTS])];
}

const RECIPIENTS = { path: ['secrets', 'recipients'] };

async function decrypt(bytes: Uint8Array, identities: Identities, request: StoreRequest): Promise<Checked<Store>> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const secret of identities.secrets) decrypter.addIdentity(secret);
  let text: string;
  try {
    text = await textOf(await decrypter.decrypt(streamOf(bytes)));
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (message.startsWith('no identity matched')) return failed(noneOpens(request, identities));
    const what = `${request.file} is no whole age file`;
    return failed(diagnostic('secrets/store-damaged', what, [{ file: request.file }]));
  }
  return readStore(text, request.cluster, request.file);
}

/** As streams: age reads and writes whole files through fetch's Response, which takes Node 25 ms to load. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream();
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function noneOpens({ file, identityFile: named }: StoreRequest, identities?: Identities): Diagnostic {
  const yours =
    identities === undefined
      ? `there is no identity at ${named ?? identityFile()}`
      : `not for you, ${identities.recipients.join(', ')} (${identities.file})`;
  return diagnostic('secrets/no-identity-opens', `${file} is encrypted for others: ${yours}`, [{ file }]);
}

async function encryptAndWrite(
  store: Store,
  file: string,
  recipients: readonly string[],
  before: Uint8Array | undefined,
): Promise<readonly Diagnostic[]> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const encrypted = await encrypter.encrypt(storeText(store));
  const write = (): Checked<undefined> => {
    try {
      const now = readIfThere(file);
      if (now === undefined ? before !== undefined : before === undefined || !now.equals(before))
        return failed(diagnostic('secrets/store-changed', `${file} was changed while this command ran`, [{ file }]));
      writeWholeFile(file, encrypted, 0o600);
      return { value: undefined, diagnostics: [] };
    } catch (error) {
      return failed(accessError(file, 'written', error));
    }
  };
  // The output folder's lock is not enough: two may generate one blueprint into two folders.
  const written = await withLock(file, () => Promise.resolve(write()));
  return written.diagnostics.map((found) =>
    found.code === 'output/unwritable' ? diagnostic('secrets/store-access', found.message, found.places) : found,
  );
}

function failed<T>(error: Diagnostic): Checked<T> {
  return { value: undefined, diagnostics: [error] };
}
