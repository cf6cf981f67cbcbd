/**
 * Every mistake that a blueprint can have, as it is shown. broken/<name>.txt is what is printed for broken/<name>.yaml.
 * `UPDATE_GOLDEN=1 npx vitest run test/diagnostics` writes the texts anew and fails once, so that nobody updates unawares.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCluster } from '../../generator/compile.ts';
import { diagnosticToJson } from '../../generator/diagnostics/json.ts';
import { printDiagnostics, summarize } from '../../generator/diagnostics/print.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';

const FOLDER = 'test/diagnostics/broken';
const update = process.env['UPDATE_GOLDEN'] === '1';

const names = readdirSync(FOLDER).filter((name) => /(?<!\.pins)\.yaml$/.test(name));

test.each(names)('%s', (name) => {
  const { diagnostics, locate } = readCluster(`${FOLDER}/${name}`, blueprintFiles());
  const printed = `${printDiagnostics(diagnostics, locate, { color: false })}\n${summarize(diagnostics)}\n`;
  const expected = `${FOLDER}/${name.replace('.yaml', '.txt')}`;
  if (update && readIfThere(expected) !== printed) {
    writeFileSync(expected, printed);
    throw new Error(`${expected} was written. Read it.`);
  }
  expect(printed).toBe(readIfThere(expected));
});

test('every finding has a place, and JSON has the lines that are printed', () => {
  for (const name of names) {
    const { diagnostics, locate } = readCluster(`${FOLDER}/${name}`, blueprintFiles());
    const printed = printDiagnostics(diagnostics, locate, { color: false });
    expect(diagnostics.length, name).toBeGreaterThan(0);
    for (const { places, ...told } of diagnostics.map((d) => diagnosticToJson(d, locate))) {
      expect(Object.keys(told).sort()).toEqual(['acknowledged', 'code', 'message', 'remedy', 'severity', 'why']);
      expect(places.length, told.message).toBeGreaterThan(0);
      for (const { file, line, column } of places) {
        const where = line === undefined ? `${String(file)}: ` : `${String(file)}:${String(line)}:${String(column)}: `;
        expect(printed).toContain(where);
      }
    }
  }
});

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
