import { formatPins, pinsFileOf } from '../cluster/pins.ts';
import { compile, type Compilation } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import type { Context } from './context.ts';
import { pinTargets, unpinned, type PinTargets } from './pin-targets.ts';

/** A blueprint as it would be, and what it lacks that `triskel pin` finds. */
export interface Prospect {
  readonly compilation: Compilation;
  readonly open: PinTargets;
}

/** In place of a hash that is not known yet; it is never written. */
const UNKNOWN = '0'.repeat(64);

/**
 * Compiles the blueprint's file with another text. A hash that is not known is no error here: `triskel pin` can look it up
 * once the blueprint names the version.
 */
export async function prospectOf(file: string, text: string | undefined, { progress }: Context): Promise<Prospect> {
  const given = new Map(text === undefined ? [] : [[file, text]]);
  const first = await compile(file, blueprintFiles(given), progress);
  const { cluster, plans, diagnostics } = first;
  if (cluster === undefined) return { compilation: first, open: { downloads: [], images: [] } };
  const { downloads, images } = unpinned(pinTargets(cluster, plans), cluster.pins);
  // By tag is how images are pulled where nobody has pinned any.
  const open = { downloads, images: Object.keys(cluster.pins.images).length > 0 ? images : [] };
  if (!diagnostics.some(({ code }) => code === 'plan/unknown-checksum')) return { compilation: first, open };
  const pins = { ...cluster.pins, downloads: { ...cluster.pins.downloads } };
  for (const { url } of downloads) pins.downloads[url] = UNKNOWN;
  given.set(pinsFileOf(file), formatPins(pins));
  return { compilation: await compile(file, blueprintFiles(given), progress), open };
}
