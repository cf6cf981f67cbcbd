import { eastAsianWidth } from 'get-east-asian-width';

const PLAIN = /^[\x20-\x7e]*$/;
/** What is drawn over the character before it, or not at all. */
const WITHOUT_WIDTH = /^[\p{M}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;

let graphemes: Intl.Segmenter | undefined;

/** The cells that a text takes in a terminal: two for wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter('en');
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (WITHOUT_WIDTH.test(segment)) continue;
    width += EMOJI.test(segment) ? 2 : eastAsianWidth(segment.codePointAt(0) ?? 0);
  }
  return width;
}
