/** Values that try to break out: at every place of a blueprint they are refused, or stand in the output as they are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { blueprints, type Document } from './blueprints.ts';
import { hostile, pathsOf, replaced, valueAt } from './breakages.ts';
import { keysOf } from './schema.ts';
import { compileText, errorsOf, textOf } from './shard.ts';
import { strictErrors } from './strict.ts';

/** Every text of a plan by where it stands; YAML and JSON by the path within the file, all else by line. */
function placesOf(plan: NodePlan): Map<string, string> {
  const places = new Map<string, string>();
  const units = [...plan.units, ...plan.dropIns].map(({ name, content }) => ({ path: name, content: content ?? '' }));
  for (const { path, content } of [...plan.files, ...units]) {
    const isData = /\.(ya?ml|json|conf)$/.test(path) && /^(---|\{|apiVersion|[a-z]+:)/.test(content);
    if (!isData) content.split('\n').forEach((line, index) => places.set(`${path}:${String(index)}`, line));
    else
      parseAllDocuments(content, { version: '1.1' }).forEach((document, index) => {
        const value: unknown = document.toJS();
        for (const at of pathsOf(value)) {
          const found = valueAt(value, at);
          places.set(
            `${path}#${String(index)}/${at.join('/')}`,
            typeof found === 'object' ? 'structure' : JSON.stringify(found),
          );
        }
      });
  }
  for (const { name, sshKeys } of plan.users)
    sshKeys.forEach((key, index) => places.set(`user ${name} ${String(index)}`, key));
  return places;
}

/** Of what a blueprint names: these choose among files, names and structures, and so change more than a value. */
const STRUCTURAL =
  /^(name|nodes\[\]\.name|nodeGroups\[\]\.name|access\.users\[\]\.name|registries\.mirrors\[\]\.registry)$/;

const keyOf = (path: readonly (string | number)[]): string =>
  path.map((step, index) => (typeof step === 'number' ? '[]' : index === 0 ? step : `.${step}`)).join('');

test(
  'a hostile value is refused, or stands in its place and nowhere else changes anything',
  { timeout: 600_000 },
  async () => {
    const reached = new Set<string>();
    let taken = 0;
    const seed = Number(process.env['TRISKEL_SEED'] ?? '1');
    await fc.assert(
      fc.asyncProperty(blueprints, fc.infiniteStream(hostile), fc.nat(), async (document, values, choice) => {
        const before = await compileText(textOf(document));
        if (errorsOf(before).length > 0) return;
        const texts = pathsOf(document).filter((path) => typeof valueAt(document, path) === 'string');
        // Places that were not reached before come first.
        const fresh = texts.filter((path) => !reached.has(keyOf(path)));
        const paths = fresh.length > 0 ? fresh.slice(0, 12) : [texts[choice % texts.length] ?? []];
        for (const path of paths) {
          reached.add(keyOf(path));
          const old = valueAt(document, path) as string;
          const value = old.startsWith('ssh-') ? `${old} ${String(values.next().value)}` : String(values.next().value);
          const after = await compileText(textOf(replaced(document, path, value) as Document));
          if (errorsOf(after).length > 0) continue;
          taken++;
          expect(strictErrors(after)).toEqual([]);
          if (STRUCTURAL.test(keyOf(path))) continue;
          for (const node of after.nodes) {
            const twin = before.nodes.find((other) => other.node.name === node.node.name);
            if (twin === undefined) continue;
            const [was, is] = [placesOf(twin.plan), placesOf(node.plan)];
            expect([...is.keys()], keyOf(path)).toEqual([...was.keys()]);
          }
        }
      }),
      { numRuns: Number(process.env['TRISKEL_HOSTILE'] ?? '150'), seed, endOnFailure: true },
    );
    expect(taken).toBeGreaterThan(0);
    const texts = keysOf().filter((key) =>
      /sshKeys\[\]|endpoint\.internal|proxy\.http$|dnsDomain|authUrl|address$/.test(key),
    );
    expect(texts.filter((key) => !reached.has(key))).toEqual([]);
  },
);
