/**
 * Kubernetes objects against the API server's own OpenAPI v3 documents, strictly: a field that is not there is refused.
 * The documents are not part of this project. `$TRISKEL_OPENAPI` names a folder that has them as an API server gives
 * them: `kubectl get --raw /openapi/v3/apis/apps/v1 > apis__apps__v1_openapi.json`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

const DOCUMENTS: Readonly<Record<string, string>> = {
  v1: 'api__v1_openapi.json',
  'apps/v1': 'apis__apps__v1_openapi.json',
  'rbac.authorization.k8s.io/v1': 'apis__rbac.authorization.k8s.io__v1_openapi.json',
};

const folder = process.env['TRISKEL_OPENAPI'];

/** Why objects cannot be checked here; undefined when they can. For the name of a test that is skipped. */
export const openapiMissing: string | undefined =
  folder === undefined
    ? 'TRISKEL_OPENAPI does not name a folder with the OpenAPI documents of a Kubernetes API server'
    : Object.values(DOCUMENTS)
        .filter((file) => !existsSync(join(folder, file)))
        .map((file) => `${join(folder, file)} is not there`)[0];

/** Any object of an API. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** True for objects that the documents describe: those of core/v1, apps/v1 and rbac/v1. */
export function hasSchema(object: ApiObject): boolean {
  return object.apiVersion in DOCUMENTS;
}

/** What is wrong with an object, a line for each fault; empty when nothing is. */
export function openapiErrors(object: ApiObject): string[] {
  const validate = validatorFor(object.apiVersion, object.kind);
  return validate(object) ? [] : (validate.errors ?? []).map(describe);
}

const cache = new Map<string, ValidateFunction>();

function validatorFor(apiVersion: string, kind: string): ValidateFunction {
  const key = `${apiVersion} ${kind}`;
  const found = cache.get(key) ?? compile(apiVersion, kind);
  cache.set(key, found);
  return found;
}

function compile(apiVersion: string, kind: string): ValidateFunction {
  const file = DOCUMENTS[apiVersion];
  if (folder === undefined || file === undefined) throw new Error(`no OpenAPI document for ${apiVersion}`);
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    components: { schemas: Record<string, Schema> };
  };
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const name = Object.entries(document.components.schemas).find(([, schema]) =>
    ((schema['x-kubernetes-group-version-kind'] ?? []) as Schema[]).some(
      (gvk) => gvk['group'] === group && gvk['version'] === version && gvk['kind'] === kind,
    ),
  )?.[0];
  if (name === undefined) throw new Error(`${file} has no ${kind}`);
  const schemas = Object.fromEntries(
    Object.entries(document.components.schemas).map(([key, schema]) => [key, closed(schema)]),
  );
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  return ajv.compile({ $ref: `#/components/schemas/${name}`, components: { schemas } });
}

/** An object with named fields takes those and no others; every such object is a schema of its own in the documents. */
function closed(schema: Schema): Schema {
  return schema['properties'] === undefined ? schema : { additionalProperties: false, ...schema };
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath || '/'}: ${message ?? 'is wrong'}${extra === undefined ? '' : ` (${extra})`}`;
}
