/**
 * Random blueprints through everything in process, on as many cores as there are shards. TRISKEL_SEED repeats a run, and
 * TRISKEL_RANDOM says how many (default 10,000).
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { compile, type Compilation } from '../../generator/compile.ts';
import { diagnosticToJson } from '../../generator/diagnostics/json.ts';
import { printDiagnostics } from '../../generator/diagnostics/print.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { brokenLaws } from '../support/plan-laws.ts';
import type { Document } from './blueprints.ts';
import { breakages, shuffled } from './breakages.ts';
import { strictErrors } from './strict.ts';
import { clusters } from './whole-clusters.ts';

const FILE = 'random.yaml';
const SHARDS = 2;
const runs = Number(process.env['TRISKEL_RANDOM'] ?? '10000');
const chosen = Number(process.env['TRISKEL_SEED'] ?? String(Math.floor(Math.random() * 2 ** 31)));

export function compileText(text: string): Promise<Compilation> {
  return compile(FILE, blueprintFiles(new Map([[FILE, text]])), noProgress);
}

export function textOf(document: Document): string {
  return stringify(document, { aliasDuplicateObjects: false });
}

/** Errors but those of the review: a random cluster need not be a good one. */
export function errorsOf({ diagnostics }: Compilation): string[] {
  return diagnostics
    .filter(({ severity, code }) => severity === 'error' && !code.startsWith('review/'))
    .map(({ code, message }) => `${code}: ${message}`);
}

/** Half of the shard's blueprints are valid, half are broken. */
export function testShard(shard: number): void {
  const seed = chosen + shard;
  const numRuns = Math.ceil(runs / SHARDS / 2);
  const again = `TRISKEL_SEED=${String(chosen)}`;
  console.log(`shard ${String(shard)}: ${String(numRuns)} valid and ${String(numRuns)} broken blueprints, ${again}`);
  const options = { numRuns, seed, endOnFailure: true } as const;
  const timeout = 3_600_000;

  test(`valid blueprints generate what strict models take`, { timeout }, async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(clusters, async (document) => {
        const compilation = await compileText(textOf(document));
        const tooLarge = compilation.diagnostics.some(({ code }) => code === 'output/payload-too-large');
        if (!tooLarge) {
          expect(errorsOf(compilation)).toEqual([]);
          if (
            !compilation.diagnostics.some(
              ({ severity, acknowledged }) => severity === 'error' && acknowledged === undefined,
            )
          )
            expect(compilation.nodes.length).toBeGreaterThan(0);
        }
        expect([...strictErrors(compilation), ...brokenLaws(compilation)]).toEqual([]);
        if (count++ % 25 === 0) {
          const other = await compileText(textOf(shuffled(document) as Document));
          expect(other.nodes.map(({ reviewed }) => reviewed)).toEqual(
            compilation.nodes.map(({ reviewed }) => reviewed),
          );
        }
      }),
      options,
    );
  });

  test(`broken blueprints are told at a place, and never throw`, { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(clusters.chain(breakages), async ({ text, isSurelyBroken }) => {
        const { diagnostics, locate } = await compileText(text);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        if (isSurelyBroken) expect(errors.length).toBeGreaterThan(0);
        for (const error of errors) {
          const { places } = diagnosticToJson(error, locate);
          expect([error.message, places[0]?.file]).toEqual([error.message, FILE]);
        }
        expect(printDiagnostics(diagnostics, locate, { color: false })).not.toMatch(/undefined|\[object|\n\s+at /);
      }),
      options,
    );
  });
}
