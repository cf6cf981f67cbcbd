/**
 * What is not TypeScript becomes a module at build time: templates, data and the blueprint's validator.
 * Both esbuild (the product) and vitest (the tests) load assets through this one function, so that no test runs
 * anything else than what is shipped, and nothing parses a template or compiles a schema at run time.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import ejs from 'ejs';
import { parse } from 'yaml';

export const assetPattern = /(\.ejs|\.yaml|\.md|\.py|\.sh|\.schema\.json)$/;

/** The JavaScript module that stands for an asset file. */
export function assetModule(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.ejs')) return templateModule(path, text);
  if (path.endsWith('.yaml')) return `export default ${JSON.stringify(parse(text))};`;
  if (path.endsWith('.schema.json')) return validatorModule(path, text);
  return `export default ${JSON.stringify(text)};`;
}

/** A template becomes a function of `it`; a value that is missing throws with the template's file and line. */
function templateModule(path: string, text: string): string {
  const template = new ejs.Template(text, {
    strict: true,
    _with: false,
    localsName: 'it',
    compileDebug: true,
    filename: basename(path),
  });
  template.compile();
  // With compileDebug the body keeps `__line` at the line of the template that is being rendered.
  return `
const escapeFn = (value) => {
  if (value === undefined || value === null) throw new Error('a template value is missing');
  return String(value);
};
export default (it) => {
  let __line = 1;
  const render = () => {
${template.source}
  };
  try {
    return render();
  } catch (error) {
    error.message = ${JSON.stringify(basename(path))} + ':' + __line + ': ' + error.message;
    throw error;
  }
};`;
}

/** A schema without what is written for its readers alone; ajv would carry it into the program, in many places. */
function withoutProse(schema: unknown, isProperties = false): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => withoutProse(inner));
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema).filter(([key]) => isProperties || !['description', 'examples'].includes(key));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, withoutProse(inner, !isProperties && ['properties', '$defs'].includes(key))]),
  );
}

/** A schema becomes ajv's own compiled validator: the program never carries ajv. */
function validatorModule(path: string, text: string): string {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    discriminator: true,
    verbose: true,
    // What is referred to becomes a function of its own, which is compiled where a blueprint has it.
    inlineRefs: false,
    code: { source: true, esm: true },
    keywords: ['x-scope', 'x-means'],
  });
  const code = standaloneCode.default(ajv, ajv.compile(withoutProse(JSON.parse(text)) as object));
  // ajv writes `require` for its runtime even into a module; an import is read alike by every loader.
  const imports: string[] = [];
  const body = code.replace(/require\("([^"]+)"\)\.default/g, (_whole, from: string) => {
    const name = `runtime${String(imports.length)}`;
    imports.push(`import ${name} from ${JSON.stringify(`${from}.js`)};\n`);
    return `(${name}.default ?? ${name})`;
  });
  return imports.join('') + body;
}
