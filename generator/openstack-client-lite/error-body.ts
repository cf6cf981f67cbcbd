/** The shapes in which OpenStack's services say what is wrong. */

export interface ErrorBody {
  /** The service's own name of the error. */
  readonly type?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * Neutron: {"NeutronError": {type, message, detail}}. Nova, Cinder: {"badRequest": {code, message}}. Octavia: {faultcode,
 * faultstring}. Keystone: {"error": {code, message, title}}. Glance: {message, code, title}, or a page of HTML, which is what
 * proxies give, too. Octavia's framework: {code, title, description}. Newer guidelines of the API group: {"errors": [{title, detail, code}]}.
 */
export function readErrorBody(body: string): ErrorBody {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { message: plain(body) };
  }
  if (!isRecord(value)) return { message: plain(body) };
  if (typeof value['faultstring'] === 'string')
    return { type: text(value['faultcode']), message: value['faultstring'] };
  if (typeof value['description'] === 'string') return { type: text(value['title']), message: value['description'] };
  if (typeof value['message'] === 'string') return { type: text(value['title']), message: plain(value['message']) };
  if (Array.isArray(value['errors']) && isRecord(value['errors'][0])) {
    const [first] = value['errors'] as [Record<string, unknown>];
    return { type: text(first['code']), message: text(first['detail']) ?? text(first['title']) };
  }
  const [key, inner] = Object.entries(value)[0] ?? [];
  if (typeof inner === 'string') return { type: key, message: plain(inner) };
  if (!isRecord(inner)) return { message: plain(body) };
  return { type: text(inner['type']) ?? text(inner['title']) ?? key, message: text(inner['message']) };
}

/** Text without tags, in one line of bearable length; undefined when nothing is left. */
function plain(body: string): string | undefined {
  const words = body
    .replace(/<(title|style|script)\b[^>]*>[^]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? undefined : words.slice(0, 400);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
