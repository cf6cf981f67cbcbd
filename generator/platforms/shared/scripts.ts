import { memo } from '../../base/memo.ts';

/**
 * A shell script with no comment but the first, which says what it is; any other text as it is. The comments of all
 * scripts would take a twentieth of what OpenStack gives a payload; whoever wants them reads the sources.
 */
export const withoutComments = memo((text: string): string => {
  if (!text.startsWith('#!/bin/sh\n')) return text;
  const [shebang = '', title = '', ...lines] = text.split('\n');
  return [shebang, title, ...lines.filter((line) => !/^\s*#/.test(line))].join('\n');
});
