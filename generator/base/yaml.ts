import { Document, visit, type ToStringOptions } from 'yaml';
import { memo } from './memo.ts';

/** What YAML 1.1 readers take for a line's end or for no text at all; the serialiser leaves it raw between its quotes. */
const UNSAFE = '\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff';
const UNSAFE_CHARACTERS = new RegExp(`[${UNSAFE}]`, 'g');

/** Those characters, and words that mean something in YAML 1.1 and that compat mode does not quote. */
const NEEDS_QUOTES = new RegExp(`[${UNSAFE}]|^(=|<<)$`);

/** True for the JSON of every value in which such text stands: few have any. */
const MAY_NEED_QUOTES = new RegExp(`[${UNSAFE}]|\\\\t|"(=|<<)"`);

/** Quoted text stays on one line: in several, readers disagree on blanks and tabs at a line's begin. */
const OPTIONS: ToStringOptions = { lineWidth: 0, indentSeq: false, doubleQuotedMinMultiLineLength: Infinity };

/**
 * A value as YAML that YAML 1.1 and 1.2 readers read alike: cloud-init reads with PyYAML (1.1), Kubernetes with Go's.
 * A test sends random text through PyYAML; a tab in a plain text or a bare `=` breaks it unless it is quoted.
 * The value is one that JSON can say; keys that are undefined are left out.
 */
export function toYaml(value: unknown): string {
  return serialised(JSON.stringify(value));
}

/** Many nodes have the same values, and serialising is the slow part. */
const serialised = memo((json: string): string => {
  const document = new Document(JSON.parse(json), { compat: 'yaml-1.1', aliasDuplicateObjects: false, version: '1.2' });
  if (MAY_NEED_QUOTES.test(json)) quote(document);
  return document
    .toString(OPTIONS)
    .replace(UNSAFE_CHARACTERS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
});

function quote(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      const oneLineTab = node.value.includes('\t') && !node.value.includes('\n');
      if (oneLineTab || NEEDS_QUOTES.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
}

/** Several documents in one file, each behind its `---`. */
export function toYamlDocuments(values: readonly unknown[]): string {
  return values.map((value) => `---\n${toYaml(value)}`).join('');
}
