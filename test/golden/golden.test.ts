/**
 * What is committed below output/ and test/golden/expected/ is what the blueprints compile to, byte for byte.
 * `UPDATE_GOLDEN=1 npx vitest run test/golden` writes the trees anew and fails once, so that nobody updates unawares.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { goldens, readTree, treeFor, writeTree } from './trees.ts';

const update = process.env['UPDATE_GOLDEN'] === '1';

describe.each(goldens())('$blueprint', ({ blueprint, folder }) => {
  test('compiles to what is committed', async () => {
    const tree = await treeFor(blueprint);
    const committed = readTree(folder);
    const differing = [...tree].filter(([path, content]) => committed.get(path) !== content).map(([path]) => path);
    const extra = [...committed.keys()].filter((path) => !tree.has(path));
    if (update && (differing.length > 0 || extra.length > 0)) {
      writeTree(folder, tree);
      throw new Error(`${folder} was written: ${[...differing, ...extra].join(', ')}. Read the differences.`);
    }
    expect([...committed.keys()].sort()).toEqual([...tree.keys()].sort());
    for (const path of differing) expect(tree.get(path), path).toBe(committed.get(path));
  });

  test('compiles to the same bytes in whatever order its keys and nodes are written', async () => {
    const tree = await treeFor(blueprint);
    const value: unknown = parse(readFileSync(blueprint, 'utf8'));
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const turned = stringify(inOtherOrder(value, randomFrom(seed)), { aliasDuplicateObjects: false });
        expect(await treeFor(blueprint, turned)).toEqual(tree);
      }),
      { numRuns: 8 },
    );
  });
});

test('another value is another tree', async () => {
  const [first] = goldens();
  const blueprint = first?.blueprint ?? '';
  const text = readFileSync(blueprint, 'utf8');
  const other = await treeFor(blueprint, `${text}\npki: { leafDays: 17 }\n`);
  expect(other).not.toEqual(await treeFor(blueprint, text));
});

/** Maps with their keys in another order, and lists of nodes and groups in another order; other lists have one. */
function inOtherOrder(value: unknown, random: () => number, path = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => inOtherOrder(item, random));
    return path === '/nodes' || path === '/nodeGroups' ? shuffled(items, random) : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(
    ([name, inner]) => [name, inOtherOrder(inner, random, `${path}/${name}`)] as const,
  );
  return Object.fromEntries(shuffled(entries, random));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Numbers that follow from a seed (a linear congruential generator, Numerical Recipes). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}
