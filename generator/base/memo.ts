/** Beyond this a memo starts over, so that a thousand nodes' own files do not stay in memory. */
const ENTRIES = 4096;

/** Remembers what was made of a text: most files are the same on every node, and encoding them is the slow part. */
export function memo<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= ENTRIES) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
