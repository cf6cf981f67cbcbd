/** What is generated, before models that allow less than the programs that read it. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseAllDocuments, parseDocument } from 'yaml';
import type { Compilation } from '../../generator/compile.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { readBack } from '../support/read-back.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const schemas = new Map<string, ValidateFunction>();

function ignitionErrors(text: string): string[] {
  const config = JSON.parse(text) as { ignition: { version: string } };
  const name = `v${config.ignition.version.split('.').slice(0, 2).join('_')}`;
  const validate =
    schemas.get(name) ??
    ajv.compile(JSON.parse(readFileSync(`generator/ignition-config-types/${name}.schema.json`, 'utf8')) as object);
  schemas.set(name, validate);
  validate(config);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** Keys of cloud-config that we write, each with its type (cloud-init's schema-cloud-config-v1.json). */
const CLOUD_CONFIG: Readonly<Record<string, 'string' | 'boolean' | 'array' | 'object'>> = {
  apt: 'object',
  bootcmd: 'array',
  disable_root: 'boolean',
  groups: 'array',
  hostname: 'string',
  manage_etc_hosts: 'boolean',
  package_update: 'boolean',
  packages: 'array',
  preserve_hostname: 'boolean',
  runcmd: 'array',
  ssh_pwauth: 'boolean',
  users: 'array',
  write_files: 'array',
};

export function cloudConfigErrors(text: string): string[] {
  if (!text.startsWith('#cloud-config\n')) return ['no #cloud-config'];
  const [old, plain] = (['1.1', '1.2'] as const).map((version) => parseDocument(text, { version }));
  const errors = [...(old?.errors ?? []), ...(old?.warnings ?? []), ...(plain?.errors ?? [])].map(
    ({ message }) => message,
  );
  if (errors.length > 0) return errors;
  const config = old?.toJS() as Record<string, unknown>;
  if (JSON.stringify(config) !== JSON.stringify(plain?.toJS())) errors.push('YAML 1.1 and 1.2 read it differently');
  for (const [key, value] of Object.entries(config)) {
    const type = Array.isArray(value) ? 'array' : typeof value;
    if (CLOUD_CONFIG[key] !== type) errors.push(`${key} is a ${type}`);
  }
  return errors;
}

/** A unit file has sections of keys, comments, and lines that go on (systemd.syntax). */
export function unitErrors(content: string): string[] {
  const errors: string[] = [];
  let section = '';
  let goesOn = false;
  for (const line of content.split('\n')) {
    const isKnown =
      goesOn ||
      line === '' ||
      /^[#;]/.test(line) ||
      /^\[[A-Z][A-Za-z-]*\]$/.test(line) ||
      (section !== '' && /^[A-Z][A-Za-z0-9]*=/.test(line));
    if (!isKnown) errors.push(`no line of a unit: ${line}`);
    if (line.startsWith('[')) section = line;
    goesOn = line.endsWith('\\');
  }
  return errors;
}

function fileErrors({ path, content }: { readonly path: string; readonly content: string }): string[] {
  const errors: string[] = [];
  if (path.endsWith('.json')) JSON.parse(content);
  if (/\.(ya?ml)$/.test(path) && !content.startsWith('#!')) {
    for (const document of parseAllDocuments(content, { version: '1.1' })) {
      errors.push(...document.errors.map(({ message }) => message));
      const object = document.toJS() as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown } } | null;
      const isObject = typeof object?.apiVersion === 'string' && typeof object.kind === 'string';
      const isApplied = /\/(manifests|addons)\//.test(path);
      if (isApplied && !(isObject && typeof object.metadata?.name === 'string')) errors.push('no Kubernetes object');
    }
  }
  // eslint-disable-next-line no-control-regex -- exactly what is looked for
  if (/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/.test(content)) errors.push('a control character');
  return errors.map((error) => `${path}: ${error}`);
}

function planErrors(plan: NodePlan): string[] {
  const units = [...plan.units, ...plan.dropIns].flatMap(({ name, content }) =>
    unitErrors(content ?? '').map((error) => `${name}: ${error}`),
  );
  return [...units, ...plan.files.flatMap(fileErrors)];
}

/** Everything that is wrong with what was generated; nothing, as it should be. */
export function strictErrors({ nodes }: Compilation): string[] {
  return nodes.flatMap(({ node, plan, renderer, reviewed }) => {
    const ofFormat = renderer.format === 'ignition' ? ignitionErrors(reviewed) : cloudConfigErrors(reviewed);
    const read = readBack(
      renderer.format,
      Buffer.from(reviewed),
      (path) => plan.files.find((file) => file.path === path)?.content ?? 'missing',
    );
    const lost = plan.files
      .filter(({ path, content }) => read.files[path]?.content !== content)
      .map(({ path }) => `${path} does not come back`);
    const holes = [...reviewed.matchAll(/\$\{triskel:([^}]{0,200}\})?/g)]
      .filter(([hole]) => !/^\$\{triskel:[a-z0-9.-]+\/[A-Za-z0-9._-]+\}$/.test(hole))
      .map(([hole]) => `no hole: ${hole}`);
    return [...ofFormat, ...planErrors(plan), ...lost, ...holes].map((error) => `${node.name}: ${error}`);
  });
}
