import type { Path } from './base/paths.ts';
import type { Blueprint } from './blueprint/blueprint.types.ts';
import { factsOf, parseFacts } from './cluster/facts-file.ts';
import { parsePart, partPlaces } from './cluster/parts.ts';
import { noPins, parsePins, pinsFileOf } from './cluster/pins.ts';
import type { Companions } from './cluster/resolve.ts';
import { at, blocks, type Checked } from './diagnostics/diagnostic.ts';
import type { BlueprintFiles } from './host/blueprint-files.ts';

/** The facts, pins, manifests and parts of user data beside a blueprint; what cannot be read is told at the place that names it. */
export function readCompanions(file: string, blueprint: Blueprint, files: BlueprintFiles): Checked<Companions> {
  const pinsFile = pinsFileOf(file);
  const text = files.readIfThere(pinsFile);
  const pins = text?.value === undefined ? undefined : parsePins(pinsFile, text.value);
  const manifests = (blueprint.addons?.manifests ?? []).map((name, index) => {
    const { value, diagnostics } = readNamed(name, ['addons', 'manifests', index]);
    return { value: value === undefined ? undefined : { file: name, text: value.text }, diagnostics };
  });
  const layers = (blueprint.facts ?? []).map((name, index) => {
    const { value, diagnostics } = readNamed(name, ['facts', index]);
    return value === undefined ? { value: undefined, diagnostics } : parseFacts(value.file, value.text);
  });
  const unread = layers.flatMap(({ diagnostics }) => diagnostics);
  const facts = blocks(unread) ? undefined : factsOf(layers.flatMap(({ value }) => value ?? []));
  const parts = partPlaces(blueprint).flatMap(({ path, files: names }) =>
    names.map((name, index) => {
      const origin = [...path, index];
      const { value, diagnostics } = readNamed(name, origin);
      return value === undefined ? { value: undefined, diagnostics } : parsePart(name, value.text, origin);
    }),
  );
  const diagnostics = [
    ...unread,
    ...(facts?.diagnostics ?? []),
    ...(text?.diagnostics ?? []),
    ...(pins?.diagnostics ?? []),
    ...[...manifests, ...parts].flatMap(({ diagnostics: found }) => found),
  ];
  if (facts?.value === undefined) return { value: undefined, diagnostics };
  const found = manifests.flatMap(({ value }) => value ?? []);
  const read = new Map(parts.flatMap(({ value }) => (value === undefined ? [] : [[value.file, value] as const])));
  return { value: { facts: facts.value, pins: pins?.value ?? noPins, manifests: found, parts: read }, diagnostics };

  function readNamed(name: string, path: Path): Checked<{ file: string; text: string }> {
    const read = files.read(name, file);
    const told = read.text.diagnostics.map((d) => ({ ...d, message: `${name}: ${d.message}`, places: [at(path)] }));
    const { value } = read.text;
    return { value: value === undefined ? undefined : { file: read.file, text: value }, diagnostics: told };
  }
}
