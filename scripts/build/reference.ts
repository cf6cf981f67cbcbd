/** The blueprint's reference page, made from its schema. */

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

export function referencePage(schema: JsonSchema): string {
  const sections = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const resolved = deref(schema, property);
    const rows = rowsOf(schema, resolved, name);
    const table = rows.length === 0 ? '' : `\n| key | value | what |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
    const required = schema.required?.includes(name) === true ? ' Required.' : '';
    return `## ${name}\n\n${resolved.description ?? ''}${required} ${valueText(resolved)}${exampleText(resolved)}\n${table}`;
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
    const text = `${resolved.description ?? ''}${required}${exampleText(resolved)}`.trim();
    const row = `| \`${prefix}.${name}\` | ${cell(valueText(resolved))} | ${cell(text)} |`;
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
  return `${[schema.type ?? ''].flat().join(' or ')}${range}`;
}

function exampleText(schema: JsonSchema): string {
  return schema.examples === undefined
    ? ''
    : ` Example: ${schema.examples.map((e) => `\`${JSON.stringify(e)}\``).join(', ')}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
