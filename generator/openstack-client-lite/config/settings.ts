/** Which cloud is meant, and its settings in one layer with the names of today. */
import { isRecord } from '../error-body.ts';
import { ConfigError } from './config-error.ts';
import { merge, readCloudFiles, type CloudFiles, type ConfigSources, type Settings } from './files.ts';

/** What a cloud is chosen by. */
export interface CloudChoice {
  /** A cloud of clouds.yaml. Default: OS_CLOUD, else the variables' own, else the only one. */
  readonly cloud?: string | undefined;
  /** Default: the cloud's own, or its first. */
  readonly region?: string | undefined;
}

export interface ChosenCloud {
  readonly name: string;
  /** Everything is text but for mappings, lists, truth values and null. */
  readonly settings: Settings;
  readonly auth: Readonly<Record<string, string>>;
  readonly file: string | undefined;
}

/** These choose, and do not make a cloud of the environment. */
const SELECTORS: ReadonlySet<string> = new Set([
  'OS_CLOUD',
  'OS_REGION_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  'OS_CLOUD_NAME',
]);

/** Throws a `ConfigError`. */
export function chooseCloud(sources: ConfigSources, { cloud, region }: CloudChoice): ChosenCloud {
  const files = readCloudFiles(sources);
  const fromEnvironment = environmentCloud(sources.env);
  const own = sources.env['OS_CLOUD_NAME'] ?? 'envvars';
  if (files.clouds[own] !== undefined)
    throw new ConfigError('malformed', `${own} is the name of the cloud of the OS_* variables`, files.file);
  const clouds = { ...files.clouds, ...(fromEnvironment === undefined ? {} : { [own]: fromEnvironment }) };
  const names = Object.keys(clouds);
  const named = cloud ?? nonEmpty(sources.env['OS_CLOUD']);
  const name =
    named ?? (fromEnvironment === undefined ? undefined : own) ?? (names.length === 1 ? names[0] : undefined);
  const known =
    names.length === 0 ? 'there is no clouds.yaml and no OS_AUTH_URL' : `there is: ${names.sort().join(', ')}`;
  if (name === undefined) throw new ConfigError('missing', `no cloud is named; ${known}`, files.file);
  const written = clouds[name];
  if (written === undefined) throw new ConfigError('unknown', `no cloud ${name}; ${known}`, files.file);
  const file = name === own ? undefined : files.file;
  const settings = inRegion(normalized(merge(profileOf(written, files), written)), region, file);
  const inner = isRecord(settings['auth']) ? settings['auth'] : {};
  const auth = Object.fromEntries(Object.entries(inner).flatMap(([key, value]) => pair(key, value)));
  return { name, settings, auth, file };
}

/** OS_AUTH_URL is auth_url, and so on; undefined where there are none but those that choose. */
function environmentCloud(env: ConfigSources['env']): Settings | undefined {
  const names = Object.keys(env).filter((name) => /^OS_(?!TEST|STD|LOG)/.test(name) && env[name] !== undefined);
  if (names.every((name) => SELECTORS.has(name))) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice('OS_'.length).toLowerCase(), env[name]]));
}

/** `profile`, or `cloud` as it was called, names one of clouds-public.yaml. The profiles inside openstacksdk are not here. */
function profileOf(written: Settings, { profiles }: CloudFiles): Settings {
  const name = written['profile'] ?? written['cloud'];
  return (typeof name === 'string' ? profiles[name] : undefined) ?? {};
}

function normalized(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const plain = isRecord(value) ? normalized(value) : typeof value === 'number' ? String(value) : value;
      return [key.replaceAll('-', '_'), plain];
    }),
  );
}

/** `regions` are names, or names with settings of their own; `region_name` is one, a list, or several with commas. */
function inRegion(settings: Settings, wanted: string | undefined, file: string | undefined): Settings {
  const { regions, region_name: one, ...rest } = settings;
  const several = typeof one === 'string' ? one.split(',') : one;
  const listed = [regions, several].find(Array.isArray) as unknown[] | undefined;
  const entries = (listed ?? []).map((entry) => {
    if (typeof entry === 'string') return { name: entry, values: {} };
    if (isRecord(entry) && typeof entry['name'] === 'string')
      return { name: entry['name'], values: isRecord(entry['values']) ? normalized(entry['values']) : {} };
    throw new ConfigError('malformed', 'a region is a name, or a mapping with name and values', file);
  });
  const known = entries.filter(({ name }) => name !== '');
  if (known.length === 0) return { ...rest, region_name: wanted };
  const found = wanted === undefined ? known[0] : known.find(({ name }) => name === wanted);
  if (found !== undefined) return { ...merge(rest, found.values), region_name: found.name };
  const names = known.map(({ name }) => name).join(', ');
  throw new ConfigError('unknown', `no region ${String(wanted)}; there is: ${names}`, file);
}

function pair(key: string, value: unknown): [string, string][] {
  return typeof value === 'string' || typeof value === 'boolean' ? [[key, String(value)]] : [];
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
