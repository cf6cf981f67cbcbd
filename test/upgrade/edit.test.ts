import { describe, expect, test } from 'vitest';
import { parseBlueprint } from '../../generator/blueprint/parse.ts';
import type { Checked } from '../../generator/diagnostics/diagnostic.ts';
import { withKubernetesVersion, type Edit } from '../../generator/upgrade/edit.ts';

const FRAGMENT = 'kubernetes: { version: 1.35.6 }\n';

function edit(text: string): Checked<Edit> {
  const { value } = parseBlueprint('x.yaml', (file, from) => {
    return { file, text: { value: from === undefined ? text : FRAGMENT, diagnostics: [] } };
  });
  if (value === undefined) throw new Error('the blueprint does not parse');
  return withKubernetesVersion(value, '1.36.3');
}

describe('the version that stands in the blueprint is replaced, and not a byte beside it', () => {
  test.each([
    ['in a block', 'a: 1\nkubernetes:\n  # why\n  version: 1.35.6 # ours\n\n\nname:   x\n'],
    ['in braces', 'kubernetes: {version:   1.35.6   } # ours\n'],
    ['in double quotes', 'kubernetes: { version: "1.35.6" }\n'],
    ['in single quotes', "kubernetes: { version: '1.35.6' }\n"],
    ['behind a tag', 'kubernetes: { version: !!str 1.35.6 }\n'],
    ['behind an anchor that nothing uses', 'kubernetes: { version: &v 1.35.6 }\n'],
    ['in JSON', '{"name": "x", "kubernetes": {"version": "1.35.6"}}'],
    [
      'with a byte order mark and line ends of Windows',
      '\ufeffname: x\r\nkubernetes: { version: 1.35.6 }\r\n# end\r\n',
    ],
    ['without a line end', 'kubernetes: { version: 1.35.6 }'],
    ['with umlauts and emoji before it', 'name: x # für 🦑\nkubernetes: { version: 1.35.6 }\n'],
    [
      'beside the same text elsewhere',
      'name: 1.35.6\nkubernetes: { version: 1.35.6 }\n',
      'name: 1.35.6\nkubernetes: { version: 1.36.3 }\n',
    ],
    ['over that of a fragment', 'extends: [f.yaml]\nkubernetes: { version: 1.35.6 }\n'],
  ])('%s', (_where, before, after = before.replace('1.35.6', '1.36.3')) => {
    expect(edit(before)).toEqual({ value: { text: after, change: 'replaced', outvoted: undefined }, diagnostics: [] });
  });
});

describe('a version that stands nowhere is added in a line of its own', () => {
  test.each([
    [
      'behind the name',
      'apiVersion: a\nname: x # ours\n\nos: y\n',
      'apiVersion: a\nname: x # ours\nkubernetes: { version: 1.36.3 }\n\nos: y\n',
    ],
    [
      'behind the apiVersion where a fragment has the name',
      '# x\napiVersion: a\nos: y',
      '# x\napiVersion: a\nkubernetes: { version: 1.36.3 }\nos: y',
    ],
    ['before all else where there is neither', '# x\nos: y\n', '# x\nkubernetes: { version: 1.36.3 }\nos: y\n'],
    ['behind a last line without an end', 'os: y\nname: x', 'os: y\nname: x\nkubernetes: { version: 1.36.3 }'],
    [
      'with the line ends of the file',
      'name: x\r\nos: y\r\n',
      'name: x\r\nkubernetes: { version: 1.36.3 }\r\nos: y\r\n',
    ],
    ['in JSON', '{"name": "x"}', '{ "kubernetes": { "version": "1.36.3" }, "name": "x"}'],
    ['in braces', '{name: x}', '{ kubernetes: { version: 1.36.3 }, name: x}'],
    ['in empty braces', 'name: x\nkubernetes: {}\n', 'name: x\nkubernetes: { version: 1.36.3 }\n'],
    [
      'beside other keys',
      'kubernetes:\n  # these\n  other: 1\n',
      'kubernetes:\n  # these\n  version: 1.36.3\n  other: 1\n',
    ],
    ['beside other keys in braces', 'kubernetes: { other: 1 }\n', 'kubernetes: { version: 1.36.3, other: 1 }\n'],
  ])('%s', (_where, before, after) => {
    expect(edit(before)).toEqual({ value: { text: after, change: 'added', outvoted: undefined }, diagnostics: [] });
  });

  test('and outvotes a fragment, which stays as it is for others', () => {
    expect(edit('name: x\nextends: [f.yaml]\n').value).toEqual({
      text: 'name: x\nkubernetes: { version: 1.36.3 }\nextends: [f.yaml]\n',
      change: 'added',
      outvoted: { file: 'f.yaml', version: '1.35.6' },
    });
  });
});

describe('what cannot be changed without changing more is left to people', () => {
  test.each([
    ['an anchor that something else uses', 'kubernetes: { version: &v 1.35.6 }\nname: *v\n'],
    ['an alias', 'name: &v 1.35.6\nkubernetes: { version: *v }\n'],
    ['a block text', 'kubernetes:\n  version: >-\n    1.35.6\nname: x\n'],
    ['a map that is an alias', 'os: &k { version: 1.35.6 }\nkubernetes: *k\n'],
  ])('%s', (_what, text) => {
    const { value, diagnostics } = edit(text);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['upgrade/not-editable']);
  });
});
