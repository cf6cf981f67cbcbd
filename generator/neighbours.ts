import { dirname, resolve } from 'node:path';
import { counted } from './base/counted.ts';
import { decideCluster } from './compile.ts';
import { at, diagnostic, type Diagnostic, type Place } from './diagnostics/diagnostic.ts';
import type { Locate } from './diagnostics/source-text.ts';
import { blueprintFiles, listBlueprints } from './host/blueprint-files.ts';
import { claimsOf, type Neighbour, type Neighbours } from './review/neighbour.ts';

/**
 * As much text of blueprints that nobody named is read for comparison, in characters: some 300 small ones, in about a second.
 * Those that are named in a run are always compared.
 */
const MOST_UNASKED = 1_000_000;

/** A blueprint that was looked at: what it claims, or its name where mistakes hide that. */
type Looked = { readonly neighbour: Neighbour } | { readonly broken: string };

/** Finds the neighbours of a blueprint: those of its folder and those that are named with it. Each is read once a run. */
export function neighbourhood(named: readonly string[]): (file: string) => Neighbours {
  const looked = new Map<string, Looked>();
  const texts = new Map<string, string>();
  const folders = new Map<string, readonly string[]>();
  const asked = new Set(named.map((file) => resolve(file)));
  return (file) => {
    const folder = dirname(file);
    const inFolder = folders.get(folder) ?? listBlueprints(folder).value ?? [];
    folders.set(folder, inFolder);
    const others = new Map([...named, ...inFolder].map((other) => [resolve(other), other]));
    others.delete(resolve(file));
    let left = MOST_UNASKED;
    const skipped: string[] = [];
    const found = [...others].flatMap(([key, other]) => {
      const isAsked = asked.has(key);
      if (!isAsked && left <= 0) {
        skipped.push(other);
        return [];
      }
      const one = looked.get(key) ?? look(other, texts);
      looked.set(key, one);
      if (!isAsked) left -= texts.get(other)?.length ?? 0;
      return [one];
    });
    const broken = found.flatMap((one) => ('broken' in one ? one.broken : []));
    return {
      all: found.flatMap((one) => ('neighbour' in one ? one.neighbour : [])),
      unread: [
        ...unread(broken, 'not compared with this blueprint, for mistakes there'),
        ...unread(skipped, 'not compared with this blueprint, for there is too much to read'),
      ],
      textOf: (name) => texts.get(name),
    };
  };
}

function look(file: string, texts: Map<string, string>): Looked {
  const files = blueprintFiles();
  const { cluster, locate } = decideCluster(file, files);
  const text = files.textOf(file);
  if (text !== undefined) texts.set(file, text);
  if (cluster === undefined) return { broken: file };
  const claims = claimsOf(cluster);
  const place: Neighbour['place'] = (path, note) => {
    const found = placed(locate, at(path, note));
    const { text: lies } = found;
    if (found.place.file !== undefined && lies !== undefined) texts.set(found.place.file, lies);
    return found.place;
  };
  return { neighbour: { file, claims, place } };
}

/** A path of another blueprint as the characters of the file that has it, which may be one of its fragments. */
function placed(locate: Locate, place: Place): { readonly place: Place; readonly text?: string } {
  const located = locate(place);
  const note = place.note === undefined ? {} : { note: place.note };
  if (located?.source === undefined || located.range === undefined)
    return { place: { file: located?.file ?? '', ...note } };
  return { place: { file: located.file, range: located.range, ...note }, text: located.source.text };
}

/** One note about all of them. */
function unread(files: readonly string[], why: string): Diagnostic[] {
  const [first, ...others] = files;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${counted(others.length, 'more blueprint')}`;
  const text = `${first}${more}: ${why}`;
  return [diagnostic('review/unread-neighbour', text, [{ file: first }])];
}
