import { toYaml } from '../base/yaml.ts';
import { gzip } from './shared/gzip.ts';
import { memo } from './shared/memo.ts';

/** A file as cloud-init's write_files has it; its owner is root, which is cloud-init's default. */
interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** One item of the list write_files as YAML. */
export function writeFilesEntry({ path, mode, content }: Entry, compress: boolean): string {
  // Modes are text: cloud-init reads the digits, YAML 1.1 and 1.2 read a bare 0644 as different numbers.
  const key = `${mode.toString(8).padStart(4, '0')} ${path}\n${content}`;
  if (!compress) return plain(key);
  const [open, packed] = [plain(key), compressed(key)];
  return packed.length < open.length ? packed : open;
}

const plain = memo((key: string): string => {
  const { path, permissions, content } = parts(key);
  return toYaml([{ path, permissions, content }]);
});

const compressed = memo((key: string): string => {
  const { path, permissions, content } = parts(key);
  return toYaml([{ path, permissions, encoding: 'gz+b64', content: gzip(content).toString('base64') }]);
});

function parts(key: string): { path: string; permissions: string; content: string } {
  const end = key.indexOf('\n');
  return { permissions: key.slice(0, 4), path: key.slice(5, end), content: key.slice(end + 1) };
}
