import { importsOf, parse, resolved, type SourceFile } from './sources.ts';

const COMPONENTS = 'generator/components/';
const RULES = 'generator/review/rules/';

/** Components that no list has: each folder has a file of its name, and components/index.ts imports it. */
export function unlistedComponents(files: readonly SourceFile[]): string[] {
  const names = new Set(
    files.flatMap(({ path }) =>
      path.startsWith(COMPONENTS) ? (/^([^/]+)\//.exec(path.slice(COMPONENTS.length))?.[1] ?? []) : [],
    ),
  );
  // The applier of all add-ons is no component like the others: the pipeline itself gives it what they bring.
  const listed = [...imported(files, `${COMPONENTS}index.ts`), ...imported(files, 'generator/compile.ts')];
  return [...names].flatMap((name) => {
    const main = `${COMPONENTS}${name}/${name}.ts`;
    if (!files.some(({ path }) => path === main)) return [`${main} is missing`];
    return listed.includes(main) ? [] : [`components/index.ts does not list ${name}`];
  });
}

/** Rules that no list has, that have no page, or whose code is not their name; pages without a rule. */
export function incompleteRules(files: readonly SourceFile[]): string[] {
  const listed = imported(files, 'generator/review/rules.ts');
  const has = (path: string): boolean => files.some((file) => file.path === path);
  return files
    .filter(({ path }) => path.startsWith(RULES))
    .flatMap(({ path, text }) => {
      const stem = path.replace(/\.[a-z]+$/, '');
      const name = stem.slice(RULES.length);
      if (path.endsWith('.md')) return has(`${stem}.ts`) ? [] : [`${path} has no rule`];
      return [
        ...(listed.includes(path) ? [] : [`review/rules.ts does not list ${name}`]),
        ...(has(`${stem}.md`) ? [] : [`${stem}.md is missing`]),
        ...(text.includes(`'review/${name}'`) ? [] : [`${path} does not say review/${name}`]),
      ];
    });
}

function imported(files: readonly SourceFile[], list: string): string[] {
  const file = files.find(({ path }) => path === list);
  return file === undefined ? [] : importsOf(parse(file)).flatMap(({ module }) => resolved(list, module) ?? []);
}
