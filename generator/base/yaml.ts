import { Document, visit, type ToStringOptions } from 'yaml';

/** Words that YAML 1.1 readers take for something else than text, and that compat mode does not quote. */
const NEEDS_QUOTES = /[\u0085\u2028\u2029\ufeff]|^(=|<<)$/;

const OPTIONS: ToStringOptions = { lineWidth: 0, indentSeq: false };

/**
 * A value as YAML that YAML 1.1 and 1.2 readers read alike: cloud-init reads with PyYAML (1.1), Kubernetes with Go's.
 * Verified with random text through PyYAML; a tab in a plain text or a bare `=` breaks PyYAML unless it is quoted.
 */
export function toYaml(value: unknown): string {
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false, version: '1.2' });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      const oneLineTab = node.value.includes('\t') && !node.value.includes('\n');
      if (oneLineTab || NEEDS_QUOTES.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString(OPTIONS);
}

/** Several documents in one file, each behind its `---`. */
export function toYamlDocuments(values: readonly unknown[]): string {
  return values.map((value) => `---\n${toYaml(value)}`).join('');
}
