import { readFileSync } from 'node:fs';
import { decode } from '../../generator/blueprint/decode.ts';
import { parseBlueprint } from '../../generator/blueprint/parse.ts';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import type { ManifestText } from '../../generator/cluster/manifests.ts';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { resolve } from '../../generator/cluster/resolve.ts';
import type { Diagnostic } from '../../generator/diagnostics/diagnostic.ts';

/** A blueprint's text → its cluster; throws with the diagnostics when it has errors. */
export function clusterOf(text: string, manifests: readonly ManifestText[] = []): Cluster {
  const { value, diagnostics } = tryCluster(text, manifests);
  if (value === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
  return value;
}

/** A blueprint's text → what resolving it gives and says. */
export function tryCluster(
  text: string,
  manifests: readonly ManifestText[] = [],
): { value: Cluster | undefined; diagnostics: readonly Diagnostic[] } {
  const parsed = parseBlueprint('test.yaml', (file) => ({ file, text: { value: text, diagnostics: [] } }));
  if (parsed.value === undefined) return { value: undefined, diagnostics: parsed.diagnostics };
  const decoded = decode(parsed.value.value);
  if (decoded.value === undefined) return { value: undefined, diagnostics: decoded.diagnostics };
  return resolve(decoded.value, { pins: { downloads: {}, images: {} }, manifests, parts: new Map(), facts: ownFacts });
}

/** One of the committed blueprints. */
export function exampleCluster(name: string): Cluster {
  return clusterOf(readFileSync(`blueprints/${name}.yaml`, 'utf8'));
}
