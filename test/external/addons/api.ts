/**
 * As much of a Kubernetes API as kubectl needs to apply objects: discovery, reading, writing, conflicts. It lets through
 * what an ABAC policy file allows, by the rules of the real one, and asks for `escalate` and `bind` as RBAC does.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';

interface Stored {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly [key: string]: unknown;
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

/** Kinds by resource, by API group and version; those in braces belong to the whole cluster. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  v1: ['ConfigMap', '{Namespace}', '{Node}', 'ServiceAccount', 'Service', 'Secret'],
  'apps/v1': ['DaemonSet', 'Deployment'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['{ClusterRole}', '{ClusterRoleBinding}', 'Role', 'RoleBinding'],
  'apiextensions.k8s.io/v1': ['{CustomResourceDefinition}'],
  'example.org/v1': ['Gateway'],
};

export interface FakeApi {
  readonly url: string;
  /** By path, without the API's prefix: `/namespaces/kube-system/configmaps/coredns`. */
  readonly objects: Map<string, Stored>;
  /** Paths of objects that somebody else has changed. */
  readonly conflicts: Set<string>;
  /** What was refused for want of a right. */
  readonly refused: string[];
  readonly stop: () => Promise<void>;
}

export async function startApi(policy: string): Promise<FakeApi> {
  const objects = new Map<string, Stored>();
  const conflicts = new Set<string>();
  const refused: string[] = [];
  const allows = allowedBy(policy);
  let version = 100;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '', 'http://x');
      const { status, value } = answer(request.method ?? '', url, body);
      response.writeHead(status, { 'content-type': 'application/json' });
      if (url.searchParams.get('watch') === 'true') response.flushHeaders();
      else response.end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    objects,
    conflicts,
    refused,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };

  function answer(method: string, url: URL, body: string): Answer {
    const match = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(\/.+)$/.exec(url.pathname);
    if (match === null) return allows.path(url.pathname) ? discover(url.pathname) : forbid(url.pathname);
    const [, core, named, path = ''] = match;
    const given = body === '' ? undefined : (parse(body) as Stored);
    const missing = neededFor(core ?? named ?? '', path, given).find((right) => !allows.resource(right));
    if (missing !== undefined) return forbid(`${method} ${url.pathname}: ${JSON.stringify(missing)}`);
    const stored = objects.get(path);
    if (given === undefined) return read(path, url.searchParams.get('fieldSelector') ?? '', core ?? named ?? '');
    if (method === 'POST') return store(`${path}/${given.metadata.name}`, given, 201);
    if (method === 'PUT' && given.metadata.resourceVersion !== stored?.metadata.resourceVersion)
      return failure(409, 'Conflict', 'the object has been modified');
    if (method === 'PATCH' && conflicts.has(path) && url.searchParams.get('force') !== 'true') {
      const field = 'conflict with "kubectl-edit" using apps/v1: .spec.replicas';
      const causes = [
        { reason: 'FieldManagerConflict', message: 'conflict with "kubectl-edit"', field: '.spec.replicas' },
      ];
      return failure(409, 'Conflict', `Apply failed with 1 conflict: ${field}`, { causes });
    }
    return store(path, method === 'PUT' ? given : { ...stored, ...given }, stored === undefined ? 201 : 200);
  }

  function read(path: string, selector: string, apiVersion: string): Answer {
    const stored = objects.get(path);
    if (stored !== undefined) return { status: 200, value: stored };
    const wanted = /^metadata\.name=(.+)$/.exec(selector)?.[1];
    const items = [...objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, value]) => value);
    if (wanted === undefined && !path.endsWith('/nodes')) return failure(404, 'NotFound', `${path} not found`);
    const found = items.filter(({ metadata }) => wanted === undefined || metadata.name === wanted);
    return {
      status: 200,
      value: { apiVersion, kind: 'List', metadata: { resourceVersion: String(version) }, items: found },
    };
  }

  function store(path: string, given: Stored, status: number): Answer {
    version += 1;
    const value = { ...given, metadata: { ...given.metadata, resourceVersion: String(version) } };
    const isDefinition = path.startsWith('/customresourcedefinitions/');
    const ready = { status: { conditions: [{ type: 'Established', status: 'True' }] } };
    objects.set(path, isDefinition ? { ...value, ...ready } : value);
    return { status, value };
  }

  function forbid(what: string): Answer {
    refused.push(what);
    return failure(403, 'Forbidden', `forbidden: ${what}`);
  }
}

interface Right {
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace: string;
  readonly readonly: boolean;
}

/** kubernetes, pkg/auth/authorizer/abac/abac.go: what is left out of a line is the empty string. */
function allowedBy(policy: string): { resource: (right: Right) => boolean; path: (path: string) => boolean } {
  type Spec = Partial<Right> & { readonly nonResourcePath?: string };
  const specs = policy
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { spec: Spec }).spec);
  return {
    resource: (right) =>
      specs.some(
        ({ apiGroup = '', resource, namespace = '', readonly = false }) =>
          resource === right.resource &&
          apiGroup === right.apiGroup &&
          namespace === right.namespace &&
          (right.readonly || !readonly),
      ),
    path: (path) =>
      specs.some(({ nonResourcePath = '' }) =>
        nonResourcePath.endsWith('*') ? path.startsWith(nonResourcePath.slice(0, -1)) : path === nonResourcePath,
      ),
  };
}

/** What a request counts as (apiserver, requestinfo.go), and what RBAC asks beyond it (rbac, escalation_check.go). */
function neededFor(groupVersion: string, path: string, given: Stored | undefined): Right[] {
  const apiGroup = groupVersion.includes('/') ? (groupVersion.split('/')[0] ?? '') : '';
  const [, first = '', second = '', third] = path.split('/');
  const isInNamespace = first === 'namespaces' && third !== undefined;
  const namespace = first === 'namespaces' ? second : '';
  const readonly = given === undefined;
  const request = { apiGroup, resource: isInNamespace ? third : first, namespace, readonly };
  const role = (given?.['roleRef'] as { kind: string } | undefined)?.kind;
  if (role === undefined) return [request];
  return [request, { apiGroup, resource: role === 'Role' ? 'roles' : 'clusterroles', namespace, readonly }];
}

function failure(code: number, reason: string, message: string, details = {}): Answer {
  return {
    status: code,
    value: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details },
  };
}

function discover(path: string): Answer {
  const value = discoveryOf(path);
  return value === undefined ? failure(404, 'NotFound', `${path} not found`) : { status: 200, value };
}

function discoveryOf(path: string): unknown {
  if (path === '/readyz') return 'ok';
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path.startsWith('/openapi/v3')) return openapi(path.slice('/openapi/v3'.length));
  if (path === '/apis') {
    const groups = Object.keys(GROUPS).filter((group) => group !== 'v1');
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups.map((groupVersion) => {
        const [name, version] = groupVersion.split('/');
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      }),
    };
  }
  const groupVersion = path.replace(/^\/apis?\//, '');
  const kinds = GROUPS[groupVersion];
  if (kinds === undefined) return undefined;
  const verbs = ['create', 'get', 'list', 'patch', 'update', 'watch'];
  const resources = kinds.map((text) => {
    const kind = text.replace(/[{}]/g, '');
    return { name: `${kind.toLowerCase()}s`, kind, namespaced: text === kind, verbs };
  });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

/** kubectl looks whether the server checks fields by itself; else it would do so with documents that we do not have. */
function openapi(path: string): unknown {
  if (path === '') {
    const paths = Object.keys(GROUPS).map((groupVersion) => {
      const prefix = `${groupVersion === 'v1' ? 'api' : 'apis'}/${groupVersion}`;
      return [prefix, { serverRelativeURL: `/openapi/v3/${prefix}` }];
    });
    return { paths: Object.fromEntries(paths) as unknown };
  }
  const groupVersion = path.replace(/^\/apis?\//, '');
  const [group, version] = groupVersion === 'v1' ? ['', 'v1'] : groupVersion.split('/');
  const paths = (GROUPS[groupVersion] ?? []).map((kind) => [
    `/${kind}`,
    {
      patch: {
        'x-kubernetes-group-version-kind': { group, version, kind: kind.replace(/[{}]/g, '') },
        parameters: [{ name: 'fieldValidation', in: 'query' }],
      },
    },
  ]);
  return { openapi: '3.0.0', info: { title: '', version: '' }, paths: Object.fromEntries(paths) as unknown };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
