import { constants, copyFile, link, open, stat, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { errorCode, makeFolder, readIfThere, systemErrorText } from './files.ts';

/** The user's age identities. */
export interface Identities {
  readonly file: string;
  /** AGE-SECRET-KEY-1…: secret. */
  readonly secrets: readonly string[];
  /** age1…, of each. */
  readonly recipients: readonly string[];
  /** True: there was none, and this one was just made. */
  readonly made: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** $TRISKEL_IDENTITY, or triskel/identity.txt in the user's configuration folder (XDG Base Directory Specification). */
export function identityFile(env: Environment = process.env): string {
  const named = env['TRISKEL_IDENTITY'];
  if (named !== undefined && named !== '') return named;
  const xdg = env['XDG_CONFIG_HOME'];
  // The specification has relative paths ignored.
  const config = xdg?.startsWith('/') === true ? xdg : join(env['HOME'] ?? homedir(), '.config');
  return join(config, 'triskel', 'identity.txt');
}

/** The identities of a file as age-keygen writes it; undefined without diagnostics: there is no such file. */
export async function readIdentities(file: string): Promise<Checked<Identities>> {
  let bytes: Buffer | undefined;
  try {
    bytes = readIfThere(file);
  } catch (error) {
    return failed(accessError(file, 'read', error));
  }
  if (bytes === undefined) return { value: undefined, diagnostics: [] };
  const secrets = bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const { identityToRecipient } = await import('age-encryption');
  try {
    const recipients = await Promise.all(secrets.map((secret) => identityToRecipient(secret)));
    if (recipients.length > 0)
      return { value: { file, secrets, recipients, made: false }, diagnostics: await exposure(file) };
  } catch {
    // What the library says may quote the line; the message below says enough.
  }
  return failed(diagnostic('secrets/identity-damaged', `${file} holds no age identity that can be used`, [{ file }]));
}

/** Makes an identity, in age-keygen's format, or reads the one that somebody else has just made. */
export async function makeIdentity(file: string, now: Date): Promise<Checked<Identities>> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const secret = await generateX25519Identity();
  const recipient = await identityToRecipient(secret);
  const time = `${now.toISOString().slice(0, 19)}Z`;
  try {
    makeFolder(dirname(file), 0o700);
    const unfinished = `${file}.${String(process.pid)}`;
    const created = await open(unfinished, 'wx', 0o600);
    try {
      await created.writeFile(`# created: ${time}\n# public key: ${recipient}\n${secret}\n`);
      await created.sync();
      // In one step, and never over one that somebody else made at the same time.
      await link(unfinished, file).catch(async (error: unknown) => {
        if (errorCode(error) === 'EEXIST') throw error;
        // Not every file system has a second name for a file.
        await copyFile(unfinished, file, constants.COPYFILE_EXCL);
      });
    } finally {
      await created.close();
      await unlink(unfinished);
    }
  } catch (error) {
    return errorCode(error) === 'EEXIST' ? readIdentities(file) : failed(accessError(file, 'written', error));
  }
  return { value: { file, secrets: [secret], recipients: [recipient], made: true }, diagnostics: [] };
}

/** The user's identities, made when there are none. */
export async function ensureIdentity(file: string = identityFile()): Promise<Checked<Identities>> {
  const found = await readIdentities(file);
  return found.value === undefined && found.diagnostics.length === 0 ? makeIdentity(file, new Date()) : found;
}

/** A file that cannot be read or written, in the system's own words; any other error is a fault of ours and goes on. */
export function accessError(file: string, what: 'read' | 'written', error: unknown): Diagnostic {
  if (errorCode(error) === undefined) throw error;
  return diagnostic('secrets/store-access', `${file} cannot be ${what}: ${systemErrorText(error)}`, [{ file }]);
}

async function exposure(file: string): Promise<Diagnostic[]> {
  if (process.platform === 'win32' || ((await stat(file)).mode & 0o077) === 0) return [];
  return [diagnostic('secrets/identity-exposed', `other users of this machine can read ${file}`, [{ file }])];
}

function failed(error: Diagnostic): Checked<Identities> {
  return { value: undefined, diagnostics: [error] };
}
