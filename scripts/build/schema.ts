/**
 * Assembles the published schema: the document's own schema with every component's options in it. Types and the
 * reference page are made from the same object, so that they cannot disagree with what is checked.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';
import { laterIgnitionSchemas } from './ignition-schemas.ts';
import { referencePage, type JsonSchema } from './reference.ts';

const COMPONENTS = 'generator/components';

export interface Published {
  readonly path: string;
  readonly content: string;
}

/** The files that are made from the schemas, all committed: CI fails when one of them is stale. */
export async function publishedFiles(): Promise<Published[]> {
  const schema = assembleSchema();
  const asJson = async (text: string): Promise<string> =>
    format(text, { ...(await resolveConfig('x.json')), parser: 'json' });
  const types = await compile(structuredClone(schema) as never, 'Blueprint', {
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    bannerComment: '/* Made from blueprint.schema.json by `npm run build`. Do not edit. */',
    style: { singleQuote: true, printWidth: 120 },
  });
  // Indented, as the first one is: what differs between two versions is seen in a diff of the files.
  const ignition = laterIgnitionSchemas().map(async ({ path, schema: later }) => ({
    path,
    content: await asJson(JSON.stringify(later, null, 2)),
  }));
  return [
    ...(await Promise.all(ignition)),
    { path: 'generator/blueprint/blueprint.schema.json', content: await asJson(JSON.stringify(schema)) },
    { path: 'generator/blueprint/blueprint.types.ts', content: types },
    {
      path: 'docs/blueprint.md',
      content: await format(referencePage(schema), { ...(await resolveConfig('x.md')), parser: 'markdown' }),
    },
  ];
}

function assembleSchema(): JsonSchema {
  const schema = readSchema('generator/blueprint/document.schema.json');
  const all = schema.properties?.['components']?.properties ?? {};
  const ofNode = schema.$defs?.['nodeComponents']?.properties ?? {};
  for (const name of readdirSync(COMPONENTS).sort()) {
    const path = `${COMPONENTS}/${name}/options.schema.json`;
    if (!existsSync(path)) continue;
    const options = readSchema(path);
    all[name] = options;
    if (options['x-scope'] === 'node') ofNode[name] = options;
  }
  return schema;
}

function readSchema(path: string): JsonSchema {
  return JSON.parse(readFileSync(path, 'utf8')) as JsonSchema;
}
