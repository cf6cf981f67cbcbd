/**
 * A hole is a place in a generated text that is filled after review: `${triskel:<name>/<part>}`.
 * `name` says whose it is, `part` what of it: `apiserver.master0/key`.
 */
export interface Hole {
  readonly name: string;
  readonly part: string;
}

const HOLE = /\$\{triskel:([a-z0-9][a-z0-9.-]*)\/([a-z0-9][a-z0-9.-]*)\}/g;

/** The text of a hole. */
export function hole(name: string, part: string): string {
  return `\${triskel:${name}/${part}}`;
}

/** `<name>/<part>`, as messages and the store name it. */
export function holeId({ name, part }: Hole): string {
  return `${name}/${part}`;
}

/** The holes of a text in the order they stand, each as often as it stands. */
export function findHoles(text: string): Hole[] {
  return text.includes('${triskel:')
    ? [...text.matchAll(HOLE)].map((m) => ({ name: m[1] ?? '', part: m[2] ?? '' }))
    : [];
}

/** A text with its holes filled; a hole that `fill` has nothing for stays, and is reported to `open`. */
export function fillHoles(text: string, fill: (hole: Hole) => string | undefined, open: (hole: Hole) => void): string {
  if (!text.includes('${triskel:')) return text;
  return text.replace(HOLE, (whole, name: string, part: string) => {
    const value = fill({ name, part });
    if (value === undefined) open({ name, part });
    return value ?? whole;
  });
}

/** The end of a part that wants the same as base64, for a Kubernetes Secret's data: `cert.b64`; a line feed ends the text. */
const BASE64 = '.b64';

/** What fills holes, and those whose part ends in `.b64`, too. */
export function inBase64(fill: (hole: Hole) => string | undefined): (hole: Hole) => string | undefined {
  return (hole) => {
    if (!hole.part.endsWith(BASE64)) return fill(hole);
    const value = fill({ ...hole, part: hole.part.slice(0, -BASE64.length) });
    return value === undefined ? undefined : Buffer.from(`${value}\n`).toString('base64');
  };
}
