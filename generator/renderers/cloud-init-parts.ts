import type { UserDataPart } from '../cluster/parts.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { multipart, type MimePart } from './mime.ts';

/** cloud-init's documentation, "User-data formats". */
const MIME_TYPES: Readonly<Record<UserDataPart['type'], string>> = {
  script: 'text/x-shellscript',
  boothook: 'text/cloud-boothook',
  'cloud-config': 'text/cloud-config',
};

/**
 * By cloud-init's default a later part's key replaces an earlier one's. Told so, it appends lists and merges maps; other
 * values that two parts set are refused when the blueprint is read.
 */
const MERGE = { 'Merge-Type': 'list(append)+dict(no_replace,recurse_list)+str()' };

/**
 * Triskel's config alone, or with the blueprint's parts before it. Scripts run in the order of their names, those of the
 * parts before `runcmd`, as which cloud-init runs Triskel's commands.
 */
export function withParts({ node }: NodePlan, config: string): string {
  if (node.parts.length === 0) return config;
  const own: MimePart = { type: MIME_TYPES['cloud-config'], name: 'triskel.yaml', text: config, headers: MERGE };
  return multipart([...node.parts.map(partOf), own]);
}

function partOf({ type, file, text }: UserDataPart, index: number): MimePart {
  const base = file.replace(/^.*\//, '').replaceAll(/[^A-Za-z0-9._-]/g, '-');
  const name = `${String(index).padStart(2, '0')}-${base}`;
  return { type: MIME_TYPES[type], name, text, ...(type === 'cloud-config' ? { headers: MERGE } : {}) };
}
