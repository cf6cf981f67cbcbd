import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './misspelt-name.md';

/** Two names that differ by two letters in each other’s place are one name, spelt wrong once. */
export const misspeltName: Rule = {
  code: 'review/misspelt-name',
  page,
  find: ({ nodes }) =>
    nodes.flatMap((node, index) =>
      nodes.slice(index + 1).flatMap((other) => {
        if (!isSwapped(node.name, other.name)) return [];
        const message = `${node.name} and ${other.name} differ by two letters in each other’s place: is one of them meant to be the other?`;
        return [{ message, places: [at([...node.origin, 'name']), at([...other.origin, 'name'], 'the other one')] }];
      }),
    ),
};

/** True for taranis and tanaris; not for cp01 and cp10, which people number. */
function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  const places = Array.from(one, (_letter, index) => index).filter((index) => one[index] !== other[index]);
  const [first, second, ...more] = places;
  if (first === undefined || second === undefined || more.length > 0) return false;
  const isLetter = (name: string): boolean => /[a-z]/.test(name[first] ?? '') && /[a-z]/.test(name[second] ?? '');
  return isLetter(one) && one[first] === other[second] && one[second] === other[first];
}
