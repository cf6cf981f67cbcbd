import { isMap, parseDocument } from 'yaml';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import type { ClusterNode, OperatingSystem } from './cluster.ts';
import type { Report } from './report.ts';
import { systemFacts } from './systems.ts';

/** A file that the blueprint puts beside Triskel's own part into the user data of cloud-init. */
export interface UserDataPart {
  /** As the blueprint names it. */
  readonly file: string;
  readonly type: 'script' | 'boothook' | 'cloud-config';
  readonly text: string;
  /** Paths of its write_files. */
  readonly writes: readonly string[];
  /** Its keys that have something else than a list. */
  readonly values: readonly string[];
  readonly origin: Path;
}

/** Keys of which cloud-init can have both: the part's items come first, Triskel's after them. */
const SHARED_KEYS = ['packages', 'users', 'write_files'];

/** Keys of Triskel's own part that no other part may have. */
const OWN_KEYS = [
  'disable_root',
  'hostname',
  'manage_etc_hosts',
  'package_update',
  'preserve_hostname',
  'runcmd',
  'ssh_pwauth',
];

/** All keys of Triskel's own part. */
export const userDataKeys: readonly string[] = [...SHARED_KEYS, ...OWN_KEYS];

/** What would undo Triskel's part: another name for the machine, modules that do not run, swap. */
const UNDOING_KEYS = [
  'cloud_config_modules',
  'cloud_final_modules',
  'cloud_init_modules',
  'fqdn',
  'prefer_fqdn_over_hostname',
  'swap',
];

/** First lines by which cloud-init tells the type of a part (its documentation, "User-data formats"). */
const TYPES: readonly (readonly [RegExp, UserDataPart['type']])[] = [
  [/^#!/, 'script'],
  [/^#cloud-boothook\s*$/, 'boothook'],
  [/^#cloud-config\s*$/, 'cloud-config'],
];

/** Where a blueprint names parts: for all nodes, and for those that have others in their place. */
export function partPlaces(blueprint: Blueprint): { readonly path: Path; readonly files: readonly string[] }[] {
  const settings: [Path, Blueprint['cloudInit']][] = [
    [[], blueprint.cloudInit],
    ...(blueprint.nodes ?? []).map((node, index): [Path, Blueprint['cloudInit']] => [['nodes', index], node.cloudInit]),
    ...(blueprint.nodeGroups ?? []).map((group, index): [Path, Blueprint['cloudInit']] => [
      ['nodeGroups', index],
      group.cloudInit,
    ]),
  ];
  return settings.flatMap(([path, given]) =>
    given?.parts === undefined ? [] : [{ path: [...path, 'cloudInit', 'parts'], files: given.parts }],
  );
}

/** A part's text → what cloud-init will take it for; mistakes are told where the blueprint names the file. */
export function parsePart(file: string, text: string, origin: Path): Checked<UserDataPart> {
  const [firstLine = ''] = text.split('\n', 1);
  const type = TYPES.find(([pattern]) => pattern.test(firstLine))?.[1];
  const { problems, ...config } = type === 'cloud-config' ? readConfig(text) : NO_CONFIG;
  const all = [
    ...problems,
    ...(type === undefined ? [unknownType(firstLine)] : []),
    ...(text.includes('\r') ? ['has Windows line ends, with which no script starts'] : []),
    ...(text.includes('${triskel:') ? ['holds the text of a hole, ${triskel:…}'] : []),
  ];
  const diagnostics = all.map((problem) => diagnostic('cluster/user-data-part', `${file} ${problem}`, [at(origin)]));
  if (type === undefined || diagnostics.length > 0) return { value: undefined, diagnostics };
  return { value: { file, type, text, ...config, origin }, diagnostics };
}

/** Where a node's parts are named: for all nodes, and for this one in their place. */
interface GivenParts {
  readonly common: Blueprint['cloudInit'];
  readonly own: Blueprint['cloudInit'];
  readonly origin: Path;
}

/** A node's parts, in their order. A system that knows no cloud-init leaves the parts of all nodes to the others. */
export function resolveParts(
  { name }: OperatingSystem,
  { common, own, origin }: GivenParts,
  known: ReadonlyMap<string, UserDataPart>,
  report: Report,
): readonly UserDataPart[] {
  const { format, title } = systemFacts[name];
  if (format !== 'cloud-init') {
    const text = `${title} does not read its user data by cloud-init`;
    if (own !== undefined) report(diagnostic('cluster/user-data-part', text, [at([...origin, 'cloudInit'])]));
    return [];
  }
  const parts = ((own ?? common)?.parts ?? []).flatMap((file) => known.get(file) ?? []);
  refuseDoubles(parts, report);
  return parts;
}

/** Parts that no node reads. */
export function refuseUnreadParts({ cloudInit }: Blueprint, nodes: readonly ClusterNode[], report: Report): void {
  if (cloudInit === undefined || nodes.some(({ os }) => systemFacts[os.name].format === 'cloud-init')) return;
  report(diagnostic('cluster/user-data-part', 'no node reads its user data by cloud-init', [at(['cloudInit'])]));
}

/** One key may be in several parts where all of them have lists, which cloud-init is told to append. */
function refuseDoubles(parts: readonly UserDataPart[], report: Report): void {
  const seen = new Map<string, UserDataPart>();
  for (const part of parts) {
    for (const key of part.values) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, part);
      else {
        const text = `${part.file} sets ${key}, and so does ${other.file}`;
        report(diagnostic('cluster/user-data-part', text, [at(part.origin), at(other.origin)]));
      }
    }
  }
}

function unknownType(firstLine: string): string {
  const known = 'is neither a script (#!), nor a #cloud-config, nor a #cloud-boothook';
  if (/^## *template: *jinja/.test(firstLine)) return `${known}; what a template becomes at boot cannot be reviewed`;
  if (firstLine.startsWith('#include')) return `${known}; what is fetched at boot cannot be reviewed`;
  return known;
}

type ReadConfig = Pick<UserDataPart, 'writes' | 'values'> & { readonly problems: readonly string[] };

const NO_CONFIG: ReadConfig = { problems: [], writes: [], values: [] };

function readConfig(text: string): ReadConfig {
  // cloud-init reads by PyYAML, which is YAML 1.1.
  const document = parseDocument(text, { prettyErrors: false, version: '1.1' });
  const [error] = document.errors;
  if (error !== undefined) return { ...NO_CONFIG, problems: [`is no YAML: ${error.message}`] };
  if (!isMap(document.contents)) return { ...NO_CONFIG, problems: ['holds no map of keys and values'] };
  const value = document.toJS({ maxAliasCount: 100 }) as Readonly<Record<string, unknown>>;
  const problems = Object.entries(value).flatMap(([key, own]) => {
    if (key === 'runcmd') return ['has runcmd, which is Triskel’s: put the commands into a script (#!) of their own'];
    if (OWN_KEYS.includes(key)) return [`sets ${key}, which Triskel sets`];
    if (UNDOING_KEYS.includes(key)) return [`sets ${key}, which undoes what Triskel sets`];
    return SHARED_KEYS.includes(key) && !Array.isArray(own) ? [`has ${key}, which is no list`] : [];
  });
  const files = Array.isArray(value['write_files'])
    ? (value['write_files'] as ({ readonly path?: unknown } | null)[])
    : [];
  const writes = files.flatMap((file) => (typeof file?.path === 'string' ? [file.path] : []));
  return { problems, writes, values: Object.keys(value).filter((key) => !Array.isArray(value[key])) };
}
