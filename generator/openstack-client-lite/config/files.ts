/** clouds.yaml, secure.yaml and clouds-public.yaml, where openstacksdk looks for them (openstack/config/loader.py). */
import { parseDocument } from 'yaml';
import { isRecord } from '../error-body.ts';
import { ConfigError } from './config-error.ts';

/** What is read of the machine. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; undefined where there is none, or none that may be read. */
  readonly readFile: (path: string) => string | undefined;
  /** The working directory and the user's own folder. */
  readonly cwd: string;
  readonly home: string;
  /** As Node names it. Default: linux. */
  readonly platform?: string;
}

/** A cloud as it is written, or a profile. */
export type Settings = Readonly<Record<string, unknown>>;

export interface CloudFiles {
  readonly clouds: Readonly<Record<string, Settings>>;
  readonly profiles: Readonly<Record<string, Settings>>;
  /** The file of the clouds; undefined: there is none. */
  readonly file: string | undefined;
}

/** Of each kind the first file that is there; secure.yaml is laid over clouds.yaml. */
export function readCloudFiles(sources: ConfigSources): CloudFiles {
  const { OS_CLIENT_CONFIG_FILE: config, OS_CLIENT_SECURE_FILE: secure } = sources.env;
  const clouds = first(sources, 'clouds', config);
  const secrets = first(sources, 'secure', secure);
  const profiles = first(sources, 'clouds-public', undefined);
  const merged = merge(clouds?.value ?? {}, secrets?.value ?? {});
  return {
    clouds: settingsIn(merged['clouds'], clouds?.path),
    profiles: settingsIn(profiles?.value['public-clouds'], profiles?.path),
    file: clouds?.path,
  };
}

function settingsIn(value: unknown, file: string | undefined): Record<string, Settings> {
  if (value === undefined || value === null) return {};
  if (isRecord(value) && Object.values(value).every(isRecord)) return value as Record<string, Settings>;
  throw new ConfigError('malformed', 'every cloud must be a mapping', file);
}

interface Found {
  readonly path: string;
  readonly value: Settings;
}

function first(sources: ConfigSources, name: string, named: string | undefined): Found | undefined {
  const folders = searchPath(sources);
  const paths = folders.flatMap((folder) => ['.yaml', '.yml', '.json'].map((suffix) => `${folder}/${name}${suffix}`));
  for (const path of named === undefined || named === '' ? paths : [named, ...paths]) {
    const text = sources.readFile(path);
    if (text !== undefined) return { path, value: parsed(path, text) };
  }
  return undefined;
}

function searchPath({ cwd, home, env, platform = 'linux' }: ConfigSources): string[] {
  const { XDG_CONFIG_HOME: own, SNAP_REAL_HOME: snap } = env;
  const support = 'Library/Application Support/openstack';
  const [user, site] =
    platform === 'darwin'
      ? [`${home}/${support}`, `/${support}`]
      : [`${own === undefined || own === '' ? `${home}/.config` : own}/openstack`, '/etc/xdg/openstack'];
  return [cwd, user, `${snap ?? home}/.config/openstack`, site, '/etc/openstack'];
}

/** YAML as PyYAML reads it, which is 1.1: JSON is a part of it. Nothing of the text is in an error, for it may hold a password. */
function parsed(path: string, text: string): Settings {
  const document = parseDocument(text, { version: '1.1', prettyErrors: true, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 0, col: 0 };
    throw new ConfigError('malformed', `no YAML at line ${String(line)}, column ${String(col)} (${error.code})`, path);
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (!isRecord(value)) throw new ConfigError('malformed', 'it is empty or no mapping', path);
  return value;
}

/** Mappings merge, anything else replaces. */
export function merge(under: Settings, over: Settings): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(value) && isRecord(below) ? merge(below, value) : value;
  }
  return merged;
}
