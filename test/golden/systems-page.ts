/**
 * The page of the five systems: each point of each system against the file and line that meets it. systems/<name>.yaml has the points;
 * `at` names a file and a text in it, `@/` being the first master's files; or a rule's code. A text that is not there fails the test.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { pageOf } from '../../generator/review/rules.ts';

const FOLDER = 'test/golden/systems';

const INTRO = `# The five systems

Triskel replaces five highly available set-ups that were once built by hand. For each: what its guide configures, what was wrong with
it, what has to be there today, and how its author checked it, against the file and line that meets it. A test finds every text that is
named here in its file and writes the lines anew; do not edit this page.
`;

interface Point {
  readonly point: string;
  /** How it is met today, where that is not plain from the point. */
  readonly how?: string;
  /** "file :: text in it", or a rule's code. */
  readonly at: readonly string[];
}

interface System {
  readonly title: string;
  readonly blueprint: string;
  /** What `@/` stands for. */
  readonly files: string;
  readonly sections: readonly { readonly title: string; readonly points: readonly Point[] }[];
}

/** The page as Markdown. Throws where a file, a text or a rule is not there. */
export function systemsPage(): string {
  const missing: string[] = [];
  const systems = readdirSync(FOLDER)
    .sort()
    .map((name) => parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as System);
  const parts = systems.map(({ title, blueprint, files, sections }) => {
    const tables = sections.map((section) => {
      const rows = section.points.map(({ point, how = '', at }) => {
        const links = at.map((place) => linkTo(place, files) ?? (missing.push(`${title}: ${point}: ${place}`), ''));
        return `| ${cell(point)} | ${cell(how)} | ${links.join('<br>')} |\n`;
      });
      return `### ${title}: ${section.title}\n\n| point | today | where |\n| --- | --- | --- |\n${rows.join('')}`;
    });
    return `## ${title}\n\n[\`${blueprint}\`](../${blueprint})\n\n${tables.join('\n')}`;
  });
  if (missing.length > 0) throw new Error(`not there any more:\n${missing.join('\n')}`);
  return [INTRO, ...parts].join('\n');
}

/** A link to the line, or to a rule's part of the page of the review; undefined when it is not there. */
function linkTo(place: string, files: string): string | undefined {
  if (place.startsWith('review/'))
    return pageOf(place) === undefined ? undefined : `[\`${place}\`](review.md#${place.replace('/', '-')})`;
  const [named = '', text = ''] = place.split(' :: ');
  const file = named.replace(/^@\//, `${files}/`);
  if (text === '' || !existsSync(file)) return undefined;
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((one) => one.includes(text)) + 1;
  return line === 0
    ? undefined
    : `[${file.split('/').slice(-1).join('')}:${String(line)}](../${file}#L${String(line)})`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
