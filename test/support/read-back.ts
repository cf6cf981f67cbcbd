import { gunzipSync } from 'node:zlib';
import type { Config, Resource } from 'ignition-config-types/v3_3';
import { parse } from 'yaml';
import { ownPart } from './mime.ts';

/** What a machine has after its first boot, as far as the payload says it. */
export interface ReadBack {
  /** Path → permission bits and content, units and drop-ins included. */
  readonly files: Readonly<Record<string, { readonly mode: number; readonly content: string }>>;
  readonly enabled: readonly string[];
  readonly masked: readonly string[];
  readonly directories: Readonly<Record<string, number>>;
  readonly links: Readonly<Record<string, string>>;
  /** Name → keys, and whether the account may become root. */
  readonly users: Readonly<Record<string, { readonly sshKeys: readonly string[]; readonly sudo: boolean }>>;
}

/** `unpacked` gives the files that a config for review names. */
export function readBack(
  format: 'ignition' | 'cloud-init',
  payload: Uint8Array,
  unpacked: (path: string) => string,
): ReadBack {
  const bytes = Buffer.from(payload);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  return format === 'ignition' ? readIgnition(JSON.parse(text) as Config, unpacked) : readCloudInit(ownPart(text));
}

/** The config that another one is replaced by. */
export function replacement(payload: Uint8Array): string {
  const { ignition } = JSON.parse(Buffer.from(payload).toString('utf8')) as Config;
  return contentOf(ignition.config?.replace ?? {}, () => '');
}

const UNITS = '/etc/systemd/system';

function readIgnition({ ignition, storage, systemd, passwd }: Config, unpacked: (path: string) => string): ReadBack {
  const { replace } = ignition.config ?? {};
  if (replace !== undefined) return readIgnition(JSON.parse(contentOf(replace, unpacked)) as Config, unpacked);
  const files: Record<string, { mode: number; content: string }> = {};
  for (const { path, mode, contents } of storage?.files ?? [])
    files[path] = { mode: mode ?? 0o644, content: contentOf(contents ?? {}, unpacked) };
  for (const { name, contents, dropins } of systemd?.units ?? []) {
    if (contents !== undefined) files[`${UNITS}/${name}`] = { mode: 0o644, content: contents };
    for (const dropin of dropins ?? [])
      files[`${UNITS}/${name}.d/${dropin.name}`] = { mode: 0o644, content: dropin.contents ?? '' };
  }
  return {
    files,
    enabled: (systemd?.units ?? []).filter((unit) => unit.enabled === true).map((unit) => unit.name),
    masked: (systemd?.units ?? []).filter((unit) => unit.mask === true).map((unit) => unit.name),
    directories: Object.fromEntries((storage?.directories ?? []).map(({ path, mode }) => [path, mode ?? 0o755])),
    links: Object.fromEntries((storage?.links ?? []).map(({ path, target }) => [path, target])),
    users: Object.fromEntries(
      (passwd?.users ?? []).map(({ name, sshAuthorizedKeys, groups }) => [
        name,
        { sshKeys: sshAuthorizedKeys ?? [], sudo: name === 'core' || (groups ?? []).includes('sudo') },
      ]),
    ),
  };
}

function contentOf({ source = '', compression }: Resource, unpacked: (path: string) => string): string {
  const match = /^data:([^,]*),(.*)$/.exec(source);
  const [, parameters = '', data = ''] = match ?? [];
  if (match === null) throw new Error(`no data URL: ${source}`);
  if (parameters === ';triskel=file') return unpacked(decodeURIComponent(data).replace(/^files/, ''));
  if (parameters !== ';base64') return decodeURIComponent(data);
  const bytes = Buffer.from(data, 'base64');
  return (compression === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

interface CloudConfig {
  readonly users: readonly (
    | string
    | {
        readonly name: string;
        readonly ssh_authorized_keys?: readonly string[];
        readonly sudo?: string;
      }
  )[];
  readonly write_files: readonly { path: string; permissions: string; content: string; encoding?: string }[];
  readonly runcmd: readonly (string | readonly string[])[];
}

function readCloudInit(text: string): ReadBack {
  if (!text.startsWith('#cloud-config\n')) throw new Error('no #cloud-config');
  const config = parse(text, { version: '1.1' }) as CloudConfig;
  const commands = config.runcmd.filter((command) => typeof command !== 'string');
  const ofSystemctl = (verb: string): string[] =>
    commands
      .filter(([program, first]) => program === 'systemctl' && first === verb)
      .flatMap((command) => command.slice(2).filter((word) => !word.startsWith('--')));
  return {
    files: Object.fromEntries(
      config.write_files.map(({ path, permissions, content, encoding }) => [
        path,
        {
          mode: Number.parseInt(permissions, 8),
          content: encoding === 'gz+b64' ? gunzipSync(Buffer.from(content, 'base64')).toString('utf8') : content,
        },
      ]),
    ),
    enabled: ofSystemctl('enable'),
    masked: ofSystemctl('mask'),
    directories: Object.fromEntries(
      commands
        .filter(([program]) => program === 'install')
        .flatMap((command) =>
          command.slice(3).map((path) => [path, Number.parseInt((command[2] ?? '').replace('--mode=', ''), 8)]),
        ),
    ),
    links: Object.fromEntries(
      commands.filter(([program]) => program === 'ln').map((command) => [command.at(-1) ?? '', command.at(-2) ?? '']),
    ),
    users: Object.fromEntries(
      config.users
        .filter((user) => typeof user !== 'string')
        .map(({ name, ssh_authorized_keys = [], sudo }) => [
          name,
          { sshKeys: ssh_authorized_keys, sudo: sudo === 'ALL=(ALL) NOPASSWD:ALL' },
        ]),
    ),
  };
}
