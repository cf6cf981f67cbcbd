/** One part of a multipart message, decoded. */
export interface ReadPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The parts of a message as RFC 2046 has it; a text that is no such message is its own only part. */
export function readParts(text: string): ReadPart[] {
  const boundary = /^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="([^"\n]+)"\n/.exec(text)?.[1];
  if (boundary === undefined) return [{ headers: {}, text }];
  const [, ...bodies] = text.split(`\n--${boundary}`);
  if (bodies.pop() !== '--\n') throw new Error('the message has no end');
  return bodies.map((body) => {
    const [head = '', ...rest] = body.slice(1).split('\n\n');
    const headers: Record<string, string> = {};
    for (const [, name = '', value = ''] of head.matchAll(/^([^:\n]+): (.*)$/gm)) headers[name] = value;
    const content = rest.join('\n\n');
    const isBase64 = headers['Content-Transfer-Encoding'] === 'base64';
    return { headers, text: isBase64 ? Buffer.from(content, 'base64').toString('utf8') : content };
  });
}

/** Triskel's own part of user data, which is the last. */
export function ownPart(text: string): string {
  return readParts(text).at(-1)?.text ?? '';
}
