import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';

/** A document as any program reads it. */
export type Document = Readonly<Record<string, unknown>>;

const schema = JSON.parse(readFileSync('test/support/kubeadm/v1beta4.json', 'utf8')) as Record<string, unknown>;
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
ajv.addSchema({ ...schema, oneOf: undefined }, 'kubeadm');

/** The YAML documents of a file, as values. */
export function documentsIn(text: string): Document[] {
  return [...parseAllDocuments(text)].map((document) => document.toJS() as Document);
}

/** What is wrong with one of kubeadm's own documents by its types; undefined: it is none of those. */
export function schemaErrors(document: Document): string[] | undefined {
  const kind = String(document['kind']);
  if (!['InitConfiguration', 'ClusterConfiguration', 'JoinConfiguration'].includes(kind)) return undefined;
  const validate = ajv.getSchema(`kubeadm#/$defs/${kind}`);
  if (validate === undefined) throw new Error(`no schema of ${kind}`);
  if (validate(document) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) => `${kind}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
