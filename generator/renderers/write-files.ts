import { toYaml } from '../base/yaml.ts';
import { gzip } from './shared/gzip.ts';
import { memo } from '../base/memo.ts';

/** A file as cloud-init's write_files has it; its owner is root, which is cloud-init's default. */
interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** What was written of a content, by mode and path: looking up a long text by itself costs least. */
const plain = memo(() => new Map<string, string>());
const compressed = memo(() => new Map<string, string>());

/** One item of the list write_files as YAML. */
export function writeFilesEntry(entry: Entry, compress: boolean): string {
  const open = remembered(plain, entry, ({ content }) => ({ content }));
  if (!compress) return open;
  const packed = remembered(compressed, entry, ({ content }) => ({
    encoding: 'gz+b64',
    content: gzip(content).toString('base64'),
  }));
  return packed.length < open.length ? packed : open;
}

function remembered(
  known: (content: string) => Map<string, string>,
  entry: Entry,
  body: (entry: Entry) => object,
): string {
  const entries = known(entry.content);
  // Modes are text: cloud-init reads the digits, and a bare 0644 is another number in YAML 1.1 than in 1.2.
  const permissions = entry.mode.toString(8).padStart(4, '0');
  const key = `${permissions} ${entry.path}`;
  const found = entries.get(key) ?? toYaml([{ path: entry.path, permissions, ...body(entry) }]);
  entries.set(key, found);
  return found;
}
