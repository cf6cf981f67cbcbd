import { byCodeUnit } from '../../base/order.ts';
import { ADDONS_USER } from '../../secrets/certificates.ts';
import type { KubernetesObject, UserRight } from '../component.ts';
import { isBuiltIn, isClusterScoped } from './scopes.ts';

/** A resource in one namespace; without a namespace: of the whole cluster. */
interface Right {
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly readonly?: true;
}

const RBAC = 'rbac.authorization.k8s.io';

/** What the applier needs beside the objects: its own mark, and the label of its own node. */
const OWN_RIGHTS: readonly Right[] = [
  { apiGroup: '', resource: 'configmaps', namespace: 'kube-system' },
  { apiGroup: '', resource: 'nodes' },
];

/** kubectl asks what there is, before it applies anything. */
const PATHS = ['/readyz', '/version', '/api', '/api/*', '/apis', '/apis/*', '/openapi/*'];

/**
 * The API server's ABAC policy file: one JSON object a line (kubernetes.io, "Using ABAC Authorization"), for the
 * applier's user, and for those of `others`. RBAC could not give it its rights, for RBAC's own objects are part of the set. A line holds for
 * every verb, `escalate` and `bind` among them: RBAC's check against self-promotion asks the same authorizers
 * (kubernetes, pkg/registry/rbac/escalation_check.go), so that who may write a role may write any.
 */
export function authorizationPolicy(objects: readonly KubernetesObject[], others: readonly UserRight[] = []): string {
  const rights = [...OWN_RIGHTS, ...objects.flatMap((object) => rightsFor(object, objects))];
  const full = new Set(rights.filter(({ readonly }) => readonly !== true).map((right) => resourceLine(right)));
  const read = rights
    .filter(({ readonly: _, ...rest }) => !full.has(resourceLine(rest)))
    .map((right) => resourceLine(right));
  const pathLines = PATHS.map((nonResourcePath) => line({ nonResourcePath, readonly: true }));
  const ofOthers = others.map(({ user, ...right }) => resourceLine(right, user));
  return [...pathLines, ...[...new Set([...full, ...read])].sort(byCodeUnit), ...ofOthers].join('');
}

function resourceLine({ apiGroup, ...rest }: Right, user?: string): string {
  return line(apiGroup === '' ? rest : { apiGroup, ...rest }, user);
}

function line(spec: Record<string, unknown>, user = ADDONS_USER): string {
  const policy = { apiVersion: 'abac.authorization.kubernetes.io/v1beta1', kind: 'Policy' };
  return `${JSON.stringify({ ...policy, spec: { user, ...spec } })}\n`;
}

function rightsFor(object: KubernetesObject, all: readonly KubernetesObject[]): Right[] {
  const { apiVersion, kind, metadata } = object;
  const apiGroup = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const definition = all.find((other) => defines(other, apiGroup, kind));
  const resource = definition === undefined ? guessResource(kind) : namesOf(definition).plural;
  return namespacesOf(object, apiGroup, definition).flatMap((namespace) => [
    ...(namespace === undefined
      ? [{ apiGroup, resource }]
      : [{ apiGroup, resource, namespace }, namespaceItself(namespace)]),
    ...rightsToBind(object, apiGroup, metadata.namespace),
  ]);
}

/** kubectl looks at the namespace of an object that is not there yet. */
function namespaceItself(namespace: string): Right {
  return { apiGroup: '', resource: 'namespaces', namespace, readonly: true };
}

/** Binding a role is a right to that role, in the binding's own namespace (BindingAuthorized in the source above). */
function rightsToBind(object: KubernetesObject, apiGroup: string, namespace: string | undefined): Right[] {
  if (apiGroup !== RBAC || !object.kind.endsWith('RoleBinding')) return [];
  const role = (object['roleRef'] as { kind?: unknown } | undefined)?.kind;
  const resource = role === 'Role' ? 'roles' : 'clusterroles';
  const within = object.kind === 'RoleBinding' ? (namespace ?? 'default') : undefined;
  return [{ apiGroup, resource, ...(within === undefined ? {} : { namespace: within }) }];
}

/** In which namespaces the API server sees a request for this object; more than one where it cannot be known. */
function namespacesOf(
  { kind, metadata }: KubernetesObject,
  apiGroup: string,
  definition: KubernetesObject | undefined,
): (string | undefined)[] {
  // A request for a namespace counts as one within that namespace (apiserver, pkg/endpoints/request/requestinfo.go).
  if (apiGroup === '' && kind === 'Namespace') return [metadata.name];
  if (definition !== undefined) return namesOf(definition).isGlobal ? [undefined] : [metadata.namespace ?? 'default'];
  if (isClusterScoped(apiGroup, kind)) return [undefined];
  if (metadata.namespace !== undefined) return [metadata.namespace];
  return isBuiltIn(apiGroup) ? ['default'] : [undefined, 'default'];
}

interface DefinitionSpec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string; readonly plural?: string };
}

function defines(object: KubernetesObject, apiGroup: string, kind: string): boolean {
  if (object.kind !== 'CustomResourceDefinition') return false;
  const { group, names } = (object['spec'] ?? {}) as DefinitionSpec;
  return group === apiGroup && names?.kind === kind && names.plural !== undefined;
}

function namesOf(definition: KubernetesObject): { plural: string; isGlobal: boolean } {
  const { names, scope } = definition['spec'] as DefinitionSpec;
  return { plural: names?.plural ?? '', isGlobal: scope === 'Cluster' };
}

/** apimachinery's UnsafeGuessKindToResource, but for a vowel before the y, where real plurals differ: gateways. */
export function guessResource(kind: string): string {
  const word = kind.toLowerCase();
  if (word.endsWith('endpoints')) return word;
  if (word.endsWith('s')) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
