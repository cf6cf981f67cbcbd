/** Every control plane × endpoint × operating system × architecture that a blueprint can name, from the schema itself. */
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { isReady, type Ready } from '../../generator/commands/generation.ts';
import { compile } from '../../generator/compile.ts';
import type { Diagnostic } from '../../generator/diagnostics/diagnostic.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { SSH_KEY } from './triskel.ts';

export interface Combination {
  readonly runs: string;
  /** The endpoint as the table calls it: "keepalived on load balancers". */
  readonly endpoint: string;
  readonly os: string;
  readonly arch: string;
}

/** How a combination's endpoint is written, and what it needs beside it. */
interface EndpointForm {
  readonly title: string;
  readonly endpoint?: object;
  readonly more?: object;
  /** Nodes of role load-balancer. */
  readonly balancers?: boolean;
  readonly single?: boolean;
}

const MOVED = ['keepalived', 'pacemaker', 'kube-vip'];

/** Pacemaker wants to be told; that two nodes are no quorum is known. */
const UNFENCED = {
  components: { pacemaker: { fencing: 'none' } },
  acknowledge: [{ code: 'review/two-node-pacemaker', reason: 'small enough to be compiled quickly' }],
};

/** Every endpoint that can be named: one without, each type, and virtual IPs on load-balancer nodes. */
function formsOf(types: readonly string[]): EndpointForm[] {
  const ofType = types.flatMap((type): EndpointForm[] => {
    const balanced = { title: `${type} on load balancers`, balancers: true };
    switch (type) {
      case 'loopback':
        return [{ title: type, endpoint: { type, internal: '127.0.0.1:7443', external: 'api.example.org:6443' } }];
      case 'openstack-load-balancer': {
        const openstack = { authUrl: 'https://keystone.example.org:5000/v3' };
        return [{ title: type, endpoint: { type, internal: '10.0.0.5:443' }, more: { cloud: { openstack } } }];
      }
      case 'keepalived':
        return [
          { title: type, endpoint: { type, internal: '10.0.0.5:7443' } },
          { title: `${type} without haproxy`, endpoint: { type, internal: '10.0.0.5:6443', balancer: 'none' } },
          { ...balanced, endpoint: { type, internal: '10.0.0.5:6443', holders: 'load-balancer' } },
        ];
      default: {
        const own = { title: type, endpoint: { type, internal: '10.0.0.5:6443' } };
        if (!MOVED.includes(type)) return [own];
        const more = type === 'pacemaker' ? UNFENCED : {};
        return [
          { ...own, more },
          { title: `${type} with haproxy`, endpoint: { type, internal: '10.0.0.5:7443', balancer: 'haproxy' }, more },
          { ...balanced, endpoint: { type, internal: '10.0.0.5:6443', holders: 'load-balancer' }, more },
        ];
      }
    }
  });
  return [{ title: 'none, with one control-plane node', single: true }, ...ofType];
}

interface Enums {
  readonly runs: readonly string[];
  readonly types: readonly string[];
  readonly systems: readonly string[];
  readonly architectures: readonly string[];
}

type Schema = { readonly [key: string]: Schema } & { readonly enum?: readonly string[] };

function enumsOf(schema: Schema): Enums {
  const at = (...path: string[]): readonly string[] => {
    const found = path.reduce<Schema | undefined>((below, key) => below?.[key], schema)?.enum;
    if (found === undefined) throw new Error(`the schema has no choices at ${path.join('.')}`);
    return found;
  };
  return {
    runs: at('properties', 'controlPlane', 'properties', 'runs'),
    types: at('properties', 'endpoint', 'properties', 'type'),
    systems: at('$defs', 'os', 'properties', 'name'),
    architectures: at('$defs', 'os', 'properties', 'arch'),
  };
}

const ENUMS = enumsOf(JSON.parse(readFileSync('generator/blueprint/blueprint.schema.json', 'utf8')) as Schema);
const FORMS = formsOf(ENUMS.types);

/** All of them, in the order of the schema. */
export const combinations: readonly Combination[] = ENUMS.runs.flatMap((runs) =>
  FORMS.flatMap(({ title }) =>
    ENUMS.systems.flatMap((os) => ENUMS.architectures.map((arch) => ({ runs, endpoint: title, os, arch }))),
  ),
);

/** A small whole blueprint of it. */
function blueprintFor({ runs, endpoint: title, os, arch }: Combination): string {
  const form = FORMS.find((one) => one.title === title);
  const node = (name: string, role: string, last: number, zone?: string): object => {
    return { name, roles: [role], address: `10.0.0.${String(last)}`, ...(zone === undefined ? {} : { zone }) };
  };
  const controlPlane = ['a', 'b', 'c'].map((zone, index) => node(`cp${zone}`, 'control-plane', 10 + index, zone));
  return stringify({
    apiVersion: 'triskel/v1',
    name: 'combination',
    controlPlane: { runs },
    ...(form?.endpoint === undefined ? {} : { endpoint: form.endpoint }),
    network: { nodes: '10.0.0.0/24' },
    os: { name: os, arch },
    access: { users: [{ name: 'ops', sshKeys: [SSH_KEY] }] },
    nodes: [
      ...controlPlane.slice(0, form?.single === true ? 1 : 3),
      ...(form?.balancers === true
        ? [node('lb0', 'load-balancer', 20, 'a'), node('lb1', 'load-balancer', 21, 'b')]
        : []),
      node('worker0', 'worker', 30),
    ],
    ...form?.more,
  });
}

/** What became of it: a whole compilation, or the errors that refuse it. */
export type Outcome = { readonly ready: Ready } | { readonly refused: readonly Diagnostic[] };

/** Compiles a combination's blueprint. */
export async function outcomeOf(combination: Combination): Promise<Outcome> {
  const files = blueprintFiles(new Map([['combination.yaml', blueprintFor(combination)]]));
  const compilation = await compile('combination.yaml', files, noProgress);
  if (isReady(compilation)) return { ready: compilation };
  return {
    refused: compilation.diagnostics.filter(
      ({ severity, acknowledged }) => severity === 'error' && acknowledged === undefined,
    ),
  };
}
