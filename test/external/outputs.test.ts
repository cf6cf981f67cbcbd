/** What every blueprint generates, with its holes and sealed, before the real programs that read it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IPod } from 'kubernetes-models/v1/Pod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compile, type Compilation } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { sealNode } from '../../generator/output/seal.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { goldens } from '../golden/trees.ts';
import { hasSchema, openapiErrors, openapiMissing, type ApiObject } from '../support/openapi.ts';
import { payloadComplaints, schemaComplaints } from '../support/payload-complaints.ts';
import { run, type Run } from '../support/programs.ts';
import { replacement } from '../support/read-back.ts';
import { storeOf } from '../support/secrets.ts';
import { verifyUnits, writeUnitRoot } from '../support/unit-root.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-outputs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const complaints = (format: 'ignition' | 'cloud-init', payload: string | Uint8Array): string =>
  payloadComplaints(format, payload, join(folder, 'payload'));

/**
 * Newer cloud-inits of Debian, run by this machine's Python. Those of Ubuntu 24.04 and Rocky Linux 9 are in no Debian; their
 * versions lie between these.
 */
const NEWER = [
  ['Debian 13 (TRISKEL_CLOUD_INIT_13 names its Python modules)', process.env['TRISKEL_CLOUD_INIT_13']],
  ['Debian testing (TRISKEL_CLOUD_INIT_NEWEST names its Python modules)', process.env['TRISKEL_CLOUD_INIT_NEWEST']],
] as const;

/** Every YAML document in the files that the API server or the kubelet reads. */
function objectsOf(plan: NodePlan): ApiObject[] {
  const read = plan.files.filter(
    ({ path }) =>
      /^\/(etc\/kubernetes\/(manifests|addons)|var\/lib\/rancher\/k3s\/server\/manifests)\/.*\.yaml$/.test(path) ||
      path === '/etc/triskel/etcd.yaml',
  );
  return read.flatMap(({ content }) => [...parseAllDocuments(content)].map((document) => document.toJS() as ApiObject));
}

describe.each(goldens().map(({ blueprint }) => blueprint))('%s', (blueprint) => {
  let compilation: Compilation;
  beforeAll(async () => {
    compilation = await compile(blueprint, blueprintFiles(), noProgress);
  });

  test('for review', () => {
    expect(compilation.nodes.length).toBeGreaterThan(0);
    for (const { node, renderer, reviewed, pointer } of compilation.nodes) {
      expect([node.name, complaints(renderer.format, reviewed)]).toEqual([node.name, '']);
      if (pointer === undefined) continue;
      expect([node.name, complaints(renderer.format, pointer)]).toEqual([node.name, '']);
    }
  });

  test('sealed, within the bound that was reckoned without a key', async () => {
    const { secrets } = compilation;
    if (secrets === undefined) throw new Error('the blueprint has errors');
    const store = await storeOf(secrets, new Date());
    const entered = secrets.values.map(({ name, part, from, maxLength }) => {
      return [`${name}/${part}`, { from, value: 'a'.repeat(Math.min(maxLength, 20)) }] as const;
    });
    const fill = fillFrom({ ...store, values: { ...Object.fromEntries(entered), ...store.values } }, secrets.caKeys);
    for (const rendered of compilation.nodes) {
      const { payload, open } = sealNode(rendered, fill);
      expect(open).toEqual([]);
      const bytes = payload?.bytes ?? new Uint8Array();
      expect(bytes.length).toBeLessThanOrEqual(rendered.payload.upperBoundBytes);
      expect(complaints(rendered.renderer.format, bytes)).toBe('');
      if (rendered.renderer.format === 'ignition' && rendered.payload.step === 'gzip-whole') {
        expect(complaints('ignition', replacement(bytes))).toBe('');
      }
    }
  });

  test('units', () => {
    for (const { node, plan } of compilation.nodes) {
      const root = join(folder, compilation.cluster?.name ?? '', node.name);
      writeUnitRoot(plan, root);
      expect([node.name, verifyUnits(plan, root)]).toEqual([node.name, '']);
    }
  });

  test('scripts', () => {
    const scripts = new Map(
      compilation.nodes.flatMap(({ plan }) =>
        plan.files.filter(({ content }) => content.startsWith('#!')).map(({ path, content }) => [content, path]),
      ),
    );
    expect(scripts.size).toBeGreaterThan(2);
    for (const [content, path] of scripts) {
      // What the sources' comments allow, which do not travel with the scripts.
      const { output } = run('shellcheck', ['--shell=sh', '--exclude=SC1090,SC1091,SC2043,SC2046,SC2086,SC2154', '-'], {
        input: content,
      });
      expect([path, output]).toEqual([path, '']);
    }
  });
});

describe.each(NEWER)('cloud-init of %s', (_title, modules) => {
  test.skipIf(modules === undefined)('takes everything', async () => {
    const compiled = await Promise.all(
      goldens().map(({ blueprint }) => compile(blueprint, blueprintFiles(), noProgress)),
    );
    const nodes = compiled.flatMap(({ nodes }) => nodes).filter(({ renderer }) => renderer.format === 'cloud-init');
    expect(nodes.length).toBeGreaterThan(3);
    const asked = (texts: readonly string[]): Run =>
      schemaComplaints(texts, mkdtempSync(join(folder, 'schema-')), modules);
    const texts = nodes.map(({ reviewed }) => reviewed);
    expect(asked(texts)).toEqual({ code: 0, output: '' });
    const broken = texts[0]?.replace('\nruncmd:', '\nruncmdd:') ?? '';
    expect(asked([broken]).output).toContain("'runcmdd' was unexpected");
  });
});

describe.skipIf(openapiMissing !== undefined)("the API server's own OpenAPI (TRISKEL_OPENAPI)", () => {
  test.each(goldens().map(({ blueprint }) => blueprint))('takes every object of %s', async (blueprint) => {
    const { cluster, nodes } = await compile(blueprint, blueprintFiles(), noProgress);
    const objects = nodes.flatMap(({ plan }) => objectsOf(plan)).filter(hasSchema);
    const pods = objects.filter(({ kind }) => kind === 'Pod').length;
    if (cluster?.controlPlane.runs === 'static-pods') expect(pods).toBeGreaterThanOrEqual(4);
    expect(objects.length).toBeGreaterThan(4);
    for (const object of objects) expect([object.kind, openapiErrors(object)]).toEqual([object.kind, []]);
  });

  test("refuses a probe's field at the wrong place", () => {
    const httpGet = { path: '/healthz', port: 8080, initialDelaySeconds: 15 } as never;
    const pod: IPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      spec: { containers: [{ name: 'x', livenessProbe: { httpGet } }] },
    };
    expect(openapiErrors(pod as unknown as ApiObject).join()).toContain('initialDelaySeconds');
  });
});
