import { expect, test } from 'vitest';
import { generatorSources, importsOf, parse, projectFiles } from './sources.ts';

test('the laws see the project', () => {
  const files = projectFiles();
  expect(generatorSources(files).length).toBeGreaterThan(20);
  expect(files.map(({ path }) => path)).toContain('package.json');
});

test('every form of import is seen', () => {
  const text = `
    import a, { b as c, type D } from 'one';
    import * as e from 'two';
    import type { F } from 'three';
    export { g } from 'four';
    const h = await import('five');
    import 'six';
  `;
  const found = importsOf(parse({ path: 'x.ts', text })).map(({ module, names, typeOnly }) => [
    module,
    names,
    typeOnly,
  ]);
  expect(found).toEqual([
    ['one', ['default', 'b'], false],
    ['two', ['*'], false],
    ['three', ['F'], true],
    ['four', ['*'], false],
    ['five', ['*'], false],
    ['six', [], false],
  ]);
});
