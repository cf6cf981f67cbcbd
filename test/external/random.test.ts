/**
 * Random blueprints before the real programs: drawn until every system, version, family, plugin and component's options
 * came at least five times. TRISKEL_SEED repeats a run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { compile, type Compilation } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { RenderedNode } from '../../generator/output/rendered-node.ts';
import { sealNode } from '../../generator/output/seal.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { blueprints, type Document } from '../random/blueprints.ts';
import { behind, keysOf, published } from '../random/schema.ts';
import { payloadComplaints } from '../support/payload-complaints.ts';
import { run } from '../support/programs.ts';
import { storeOf } from '../support/secrets.ts';
import { verifyUnits, writeUnitRoot } from '../support/unit-root.ts';

const EACH = 5;
const seed = Number(process.env['TRISKEL_SEED'] ?? String(Math.floor(Math.random() * 2 ** 31)));

/** What a blueprint has of what there is to choose. */
function strataOf(document: Document): string[] {
  const components = Object.keys(document['components'] ?? {}).map((name) => `component ${name}`);
  const { os, network, kubernetes } = document as {
    os?: { name?: string };
    network: { nodes: unknown; plugin?: string };
    kubernetes?: { version?: string };
  };
  const version =
    kubernetes?.version === undefined ? [] : [`Kubernetes ${kubernetes.version.split('.').slice(0, 2).join('.')}`];
  return [
    ...components,
    ...version,
    `system ${os?.name ?? 'flatcar'}`,
    `plugin ${network.plugin ?? 'flannel'}`,
    `families ${String(network.nodes)}`,
  ];
}

/** What whole clusters decide on is in no random blueprint (test/random/coverage.test.ts says what has it). */
const ELSEWHERE = ['corosync', 'pacemaker', 'glusterfs'];
const componentNames = Object.keys(behind(published).properties?.['components']?.properties ?? {}).filter(
  (name) => !ELSEWHERE.includes(name),
);
const systemNames = keysOf()
  .filter((key) => key.startsWith('os.name='))
  .map((key) => key.slice('os.name='.length));
const wanted = [...componentNames.map((name) => `component ${name}`), ...systemNames.map((name) => `system ${name}`)];

/** The first blueprints of the seed that bring something that was not there five times yet. */
function drawn(): Document[] {
  const counts = new Map<string, number>();
  return fc.sample(blueprints, { numRuns: 150, seed }).filter((document) => {
    const strata = strataOf(document);
    const isNew = strata.some((stratum) => (counts.get(stratum) ?? 0) < EACH);
    if (isNew) for (const stratum of strata) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
    return isNew;
  });
}

/** One node of each kind. */
function different(nodes: readonly RenderedNode[]): RenderedNode[] {
  return [...new Map(nodes.map((each) => [JSON.stringify([each.node.os, each.node.roles]), each])).values()];
}

const documents = drawn();
let folder: string;
beforeAll(() => {
  console.log(`${String(documents.length)} random blueprints, TRISKEL_SEED=${String(seed)}`);
  folder = mkdtempSync(join(tmpdir(), 'triskel-random-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test(`every system and component is drawn ${String(EACH)} times`, () => {
  const strata = documents.flatMap(strataOf);
  for (const stratum of wanted)
    expect(strata.filter((each) => each === stratum).length, stratum).toBeGreaterThanOrEqual(EACH);
});

describe.each(documents.map((document, index) => [index, document] as const))(
  'random blueprint %i',
  (index, document) => {
    let compilation: Compilation;
    beforeAll(async () => {
      const text = stringify(document, { aliasDuplicateObjects: false });
      expect(parse(text)).toEqual(document);
      compilation = await compile('random.yaml', blueprintFiles(new Map([['random.yaml', text]])), noProgress);
    });

    test('payloads, with holes and sealed', async () => {
      const { secrets, nodes } = compilation;
      const isSlow = /rsa-[34]/.test(JSON.stringify(document['pki'] ?? ''));
      const fill = secrets === undefined || isSlow ? undefined : fillFrom(await storeOf(secrets, new Date()));
      for (const rendered of different(nodes)) {
        const { format } = rendered.renderer;
        const said = [payloadComplaints(format, rendered.reviewed, join(folder, 'payload'))];
        const sealed = fill === undefined ? undefined : sealNode(rendered, fill).payload?.bytes;
        if (sealed !== undefined) said.push(payloadComplaints(format, sealed, join(folder, 'payload')));
        expect([rendered.node.name, ...said.filter((text) => text !== '')]).toEqual([rendered.node.name]);
      }
    });

    test('units and scripts', () => {
      for (const { node, plan } of different(compilation.nodes)) {
        const root = join(folder, String(index), node.name);
        writeUnitRoot(plan, root);
        expect([node.name, verifyUnits(plan, root)]).toEqual([node.name, '']);
        for (const { path, content } of plan.files.filter(({ content }) => content.startsWith('#!/bin/sh')))
          expect([path, run('sh', ['-n'], { input: content }).output]).toEqual([path, '']);
        rmSync(root, { recursive: true });
      }
    });
  },
);
