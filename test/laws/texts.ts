import type { SourceFile } from './sources.ts';

/** Files of more lines than one reads at a sitting. */
export function tooLong(files: readonly SourceFile[], limit: number): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > limit ? [`${path} has ${String(lines)} lines, more than ${String(limit)}`] : [];
  });
}

/** Lines that match, `path:line: what stands there`. */
export function linesWith(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = pattern.exec(line);
      return found === null ? [] : [`${path}:${String(index + 1)}: ${found[0]}`];
    }),
  );
}

/** Templates that write a value without the check that it is there. */
export function uncheckedTags(files: readonly SourceFile[]): string[] {
  return linesWith(
    files.filter(({ path }) => path.endsWith('.ejs')),
    /<%-/,
  );
}
