/** The blueprint's reference page, made from its schema: every key with what it means, what it takes and an example. */
import { stringify } from 'yaml';

export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: string | number | boolean;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Record<string, JsonSchema>;
  readonly items?: JsonSchema;
  readonly $ref?: string;
  readonly $defs?: Record<string, JsonSchema>;
}

/** The page as Markdown. Throws when a key has no example. */
export function referencePage(schema: JsonSchema): string {
  const sections = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const resolved = deref(schema, property);
    const rows = rowsOf(schema, resolved, name);
    const required = schema.required?.includes(name) === true ? ' Required.' : '';
    const example = exampleOf(name, resolved);
    const takes = rows.length > 0 ? '' : `\n\nIt takes: ${valueText(resolved)}.`;
    const shown = example === '' ? '' : `\n\n\`\`\`yaml\n${example}\n\`\`\``;
    const table =
      rows.length === 0 ? '' : `\n\n| key | takes | what | example |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
    return `## ${name}\n\n${resolved.description ?? ''}${required}${takes}${shown}${table}\n`;
  });
  const intro =
    'Every key of a blueprint. This page is made from `generator/blueprint/blueprint.schema.json`; do not edit it.';
  return `# The blueprint\n\n${schema.description ?? ''}\n\n${intro}\n\n${sections.join('\n')}`;
}

function rowsOf(root: JsonSchema, schema: JsonSchema, path: string): string[] {
  const inner = schema.items === undefined ? schema : deref(root, schema.items);
  const prefix = schema.items === undefined || inner.properties === undefined ? path : `${path}[]`;
  return Object.entries(inner.properties ?? {}).flatMap(([name, property]) => {
    const resolved = deref(root, property);
    const required = inner.required?.includes(name) === true ? ' Required.' : '';
    const text = `${resolved.description ?? ''}${required}`.trim();
    const example = exampleOf(name, resolved);
    const cells = [`\`${prefix}.${name}\``, valueText(resolved), text, example === '' ? '' : `\`${example}\``].map(
      cell,
    );
    const row = `| ${cells.join(' | ')} |`;
    return [row, ...rowsOf(root, resolved, `${prefix}.${name}`)];
  });
}

/** A `$ref` with the description and examples that stand beside it. */
function deref(root: JsonSchema, schema: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {};
  return { ...deref(root, target), ...schema };
}

function valueText(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const means = schema['x-means'];
  if (typeof means === 'string') return means;
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  const range =
    minimum === undefined
      ? ''
      : maximum === undefined
        ? `, at least ${String(minimum)}`
        : `, ${String(minimum)} to ${String(maximum)}`;
  if (schema.type === 'array') return listText(schema.items);
  return `${[schema.type ?? ''].flat().join(' or ')}${range}`;
}

function listText(items: JsonSchema | undefined): string {
  const each = items?.enum === undefined ? items?.['x-means'] : valueText(items);
  return typeof each === 'string' ? `a list; each: ${each}` : 'a list';
}

/** What a key looks like when it is used, on one line; keys that hold other keys are shown by those. */
function exampleOf(name: string, schema: JsonSchema): string {
  const { const: only, enum: choices, type, examples = [] } = schema;
  const value = examples[0] ?? only ?? choices?.[0] ?? (type === 'boolean' ? true : undefined);
  if (value === undefined) {
    if (!holdsKeys(schema)) throw new Error(`the schema has no example of ${name}`);
    return '';
  }
  const text = stringify({ [name]: value }, { collectionStyle: 'flow', flowCollectionPadding: true, lineWidth: 0 });
  return text.trimEnd().replace(/^\{ (.*) \}$/, '$1');
}

function holdsKeys({ properties, items }: JsonSchema): boolean {
  return properties !== undefined || items?.properties !== undefined || items?.$ref !== undefined;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
