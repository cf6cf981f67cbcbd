/**
 * Every rule of the review finds its mistake and nothing in what is sound. rules/<name>/ has a blueprint that it finds and one that
 * it does not, and in beside/ what lies beside them, for rules about several. findings.txt is what is printed of all.
 * `UPDATE_GOLDEN=1 npx vitest run test/review` writes it anew and fails once, so that nobody updates unawares.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isReady } from '../../generator/commands/generation.ts';
import { compile, type Compilation } from '../../generator/compile.ts';
import { catalog } from '../../generator/diagnostics/catalog/index.ts';
import { printDiagnostics } from '../../generator/diagnostics/print.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { neighbourhood } from '../../generator/neighbours.ts';
import { allRules } from '../../generator/review/rules.ts';

const FOLDER = 'test/review/rules';
const FINDINGS = 'test/review/findings.txt';

interface Case {
  readonly code: (typeof allRules)[number]['code'];
  readonly folder: string;
  readonly beside: readonly string[];
}

const cases = allRules.map(({ code }): Case => {
  const folder = `${FOLDER}/${code.split('/')[1] ?? ''}`;
  const beside = existsSync(`${folder}/beside`) ? readdirSync(`${folder}/beside`).sort() : [];
  return { code, folder, beside: beside.map((name) => `${folder}/beside/${name}`) };
});

/** Compiles a fixture among those beside it, and not among the other fixtures of its folder. */
function compiled({ beside }: Case, file: string, more = ''): Promise<Compilation> {
  const files = blueprintFiles(new Map([[file, readFileSync(file, 'utf8') + more]]));
  return compile(file, files, noProgress, neighbourhood(beside)('nowhere/x.yaml'));
}

/** A rule's mistake, which several tests look at. */
function failing(rule: Case): Promise<Compilation> {
  const found = failures.get(rule.code) ?? compiled(rule, `${rule.folder}/fails.yaml`);
  failures.set(rule.code, found);
  return found;
}

const failures = new Map<string, Promise<Compilation>>();

describe.each(cases)('$code', (rule) => {
  const { code, folder } = rule;

  test('finds its mistake, at a place', async () => {
    const { diagnostics, locate } = await failing(rule);
    const found = diagnostics.filter((d) => d.code === code);
    expect(found.length).toBeGreaterThan(0);
    for (const { severity, places } of found) {
      expect(severity).toBe(catalog[code].severity);
      for (const place of places) expect(locate(place)?.range).toBeDefined();
    }
  });

  test('finds nothing in what is sound', async () => {
    const { diagnostics } = await compiled(rule, `${folder}/passes.yaml`);
    expect(diagnostics.filter((d) => d.severity !== 'note' || d.code === code)).toEqual([]);
  });

  test('generates when it is acknowledged, and is told as acknowledged', async () => {
    const codes = (await failing(rule)).diagnostics.map((d) => d.code);
    const entries = [...new Set(codes)].map((one) => `  - { code: ${one}, reason: the guide has it so }\n`);
    const compilation = await compiled(rule, `${folder}/fails.yaml`, `acknowledge:\n${entries.join('')}`);
    const [first] = compilation.diagnostics.filter((d) => d.code === code);
    expect(first?.acknowledged).toBe('the guide has it so');
    expect(isReady(compilation)).toBe(true);
    expect(compilation.nodes.length).toBe(compilation.cluster?.nodes.length);
    const text = printDiagnostics(compilation.diagnostics, compilation.locate, { color: false });
    expect(text).toContain('acknowledged: the guide has it so');
    expect(text).not.toMatch(/: (error|warning): /);
  });
});

test('what is printed of every finding', async () => {
  const texts = [];
  for (const rule of cases) {
    const { diagnostics, locate } = await failing(rule);
    texts.push(
      printDiagnostics(
        diagnostics.filter((d) => d.code === rule.code),
        locate,
        { color: false },
      ),
    );
  }
  const text = texts.join('\n');
  const committed = existsSync(FINDINGS) ? readFileSync(FINDINGS, 'utf8') : '';
  if (process.env['UPDATE_GOLDEN'] === '1' && committed !== text) {
    writeFileSync(FINDINGS, text);
    throw new Error(`${FINDINGS} was written. Read the differences.`);
  }
  expect(text).toBe(committed);
});

test('no fixture is without its rule', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(allRules.map(({ code }) => code.split('/')[1]).sort());
});
