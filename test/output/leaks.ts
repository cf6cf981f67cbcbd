import { gunzipSync } from 'node:zlib';

/** How often something within something is looked into: base64 in gzip in base64, and then some. */
const DEPTH = 5;

/** Everything that holds one of the secrets, in whatever form: `path: form`. */
export function leaksOf(files: ReadonlyMap<string, Buffer>, secrets: readonly string[]): string[] {
  const needles = secrets.flatMap(formsOf);
  return [...files].flatMap(([path, content]) => {
    const views = viewsOf(content, DEPTH);
    const found = needles.filter(({ text }) => views.some((view) => view.includes(text)));
    return [...new Set(found.map(({ form }) => `${path}: ${form}`))];
  });
}

interface Form {
  readonly form: string;
  readonly text: string;
}

/** A secret as it stands, as base64 at each of the three places where it may begin in a group, and as in a URL. */
function formsOf(secret: string): Form[] {
  const aligned = [0, 1, 2].map((before): Form => {
    const padded = Buffer.concat([Buffer.alloc(before), Buffer.from(secret, 'utf8')]);
    // Characters that also depend on what stands before or behind are left out.
    const whole = padded.toString('base64').replace(/=+$/, '');
    const end = padded.length % 3 === 0 ? whole.length : whole.length - 1;
    return { form: `base64 at ${String(before)}`, text: whole.slice(before === 0 ? 0 : before + 1, end) };
  });
  const url = encodeURIComponent(secret);
  return [
    { form: 'raw', text: secret },
    ...aligned,
    ...(url === secret ? [] : [{ form: 'URL-encoded', text: url }]),
  ];
}

/** A file's text, with what is packed in it unpacked: gzip anywhere, and base64 and URLs that hold gzip. */
function viewsOf(content: Buffer, depth: number): string[] {
  const text = content.toString('latin1');
  if (depth === 0) return [text];
  const packed = [...gzipsIn(content), ...base64In(text).flatMap(gzipsIn)];
  const unescaped = text.includes('%') ? [Buffer.from(unescape(text), 'latin1')] : [];
  return [text, ...packed.flatMap((inner) => viewsOf(inner, depth - 1)), ...unescaped.flatMap((b) => viewsOf(b, 0))];
}

function unescape(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function gzipsIn(content: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = content.indexOf('1f8b08', 0, 'hex'); at !== -1; at = content.indexOf('1f8b08', at + 1, 'hex')) {
    try {
      found.push(gunzipSync(content.subarray(at)));
    } catch {
      // Three bytes that happen to look like a beginning.
    }
  }
  return found;
}

function base64In(text: string): Buffer[] {
  return (text.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []).map((run) => Buffer.from(run, 'base64'));
}
