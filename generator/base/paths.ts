/**
 * A logical path names a value of a document by its keys and indexes, independent of files, lines and columns.
 * Every stage speaks of values by path; lines are found when a diagnostic is printed.
 */
export type Path = readonly (string | number)[];

/** `['nodes', 0, 'address']` → `nodes[0].address`; keys that are not plain words are quoted: `mirrors["docker.io"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${String(step)}]`;
    else if (/^[A-Za-z][A-Za-z0-9-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === '' ? '(document)' : text;
}

/** A JSON Pointer (RFC 6901), as ajv reports it, read against the value it points into: a list's steps become numbers. */
export function pathFromPointer(pointer: string, root: unknown): Path {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((raw) => {
      const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
      return step;
    });
}
