import { sortedBy } from '../base/order.ts';
import { toYaml } from '../base/yaml.ts';
import { parseSource } from '../blueprint/parse.ts';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Pins } from './cluster.ts';

/** Nothing pinned. */
export const noPins: Pins = { downloads: {}, images: {} };

const HEADER = `# Hashes that \`triskel pin\` looked up: sha256 of downloads by their upstream URL, digests of images by their tag.
# Commit this file. It is read with the blueprint beside it; entries that nothing uses are dropped at the next run.
`;

const SHAPES = {
  downloads: { pattern: /^[0-9a-f]{64}$/, means: 'a sha256 of 64 lower-case hexadecimal digits' },
  images: { pattern: /^sha256:[0-9a-f]{64}$/, means: 'sha256: and 64 lower-case hexadecimal digits' },
};

/** Where a blueprint's pins lie: `x.yaml` → `x.pins.yaml`. */
export function pinsFileOf(blueprint: string): string {
  return `${blueprint.replace(/\.ya?ml$/, '')}.pins.yaml`;
}

/** A pins file's text → Pins; every line that is not what `triskel pin` writes is told. */
export function parsePins(file: string, text: string): Checked<Pins> {
  const source = parseSource(file, text);
  if (source.value === undefined) return { value: undefined, diagnostics: source.diagnostics };
  const diagnostics: Diagnostic[] = [];
  const pins = { downloads: {}, images: {} };
  for (const [kind, entries] of Object.entries(source.value.value as object)) {
    if (kind !== 'downloads' && kind !== 'images') refuse([kind], `unknown key "${kind}"`);
    else if (typeof entries !== 'object' || Array.isArray(entries)) refuse([kind], `"${kind}" is not a map`);
    else pins[kind] = checkEntries(kind, (entries ?? {}) as Record<string, unknown>);
  }
  return { value: diagnostics.length === 0 ? pins : undefined, diagnostics };

  function checkEntries(kind: keyof typeof SHAPES, entries: Record<string, unknown>): Record<string, string> {
    const { pattern, means } = SHAPES[kind];
    return Object.fromEntries(
      Object.entries(entries).filter((entry): entry is [string, string] => {
        const fits = typeof entry[1] === 'string' && pattern.test(entry[1]);
        if (!fits) refuse([kind, entry[0]], `the hash of ${entry[0]} is not ${means}`);
        return fits;
      }),
    );
  }

  function refuse(path: string[], message: string): void {
    diagnostics.push(diagnostic('cluster/pins', message, [{ file, path }]));
  }
}

/** The text of a pins file: sorted, so that it depends on nothing but its entries. */
export function formatPins(pins: Pins): string {
  const sorted = (entries: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(sortedBy(Object.entries(entries), ([key]) => key));
  return `${HEADER}${toYaml({ downloads: sorted(pins.downloads), images: sorted(pins.images) })}`;
}
