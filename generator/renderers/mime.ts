import { sha256 } from '../base/digests.ts';

/** One part of a multipart message. */
export interface MimePart {
  readonly type: string;
  readonly name: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A multipart message as cloud-init reads it, by Python's email package. The boundary follows from the parts, so that the
 * same parts are the same bytes, and stands in none of them.
 */
export function multipart(parts: readonly MimePart[]): string {
  const bodies = parts.map(bodyOf);
  const boundary = boundaryFor(bodies);
  const head = `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\n`;
  return `${head}${bodies.map((body) => `\n--${boundary}\n${body}`).join('')}\n--${boundary}--\n`;
}

function bodyOf({ type, name, text, headers = {} }: MimePart): string {
  // Python takes raw text for ASCII, and the limit on a line is RFC 5322's.
  const isPlain = /^[\t\n\x20-\x7e]*$/.test(text) && !/.{998}/.test(text);
  const fields = {
    'Content-Type': `${type}; charset="utf-8"`,
    'Content-Transfer-Encoding': isPlain ? '7bit' : 'base64',
    'Content-Disposition': `attachment; filename="${name}"`,
    ...headers,
  };
  const head = Object.entries(fields).map(([field, value]) => `${field}: ${value}\n`);
  return `${head.join('')}\n${isPlain ? text : wrapped(Buffer.from(text, 'utf8').toString('base64'))}`;
}

function wrapped(base64: string): string {
  return base64.replace(/.{76}(?=.)/g, '$&\n');
}

function boundaryFor(bodies: readonly string[]): string {
  let boundary = `triskel-${sha256(bodies.join('\n')).slice(0, 32)}`;
  while (bodies.some((body) => body.includes(boundary))) boundary = `triskel-${sha256(boundary).slice(0, 32)}`;
  return boundary;
}
