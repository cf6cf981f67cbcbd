import { gzip } from './shared/gzip.ts';
import { memo } from '../base/memo.ts';

/** A data URL (RFC 2397) that compresses well: what is text in it stays text. */
export const escapedDataUrl = memo((text: string): string => {
  // Through bytes and back: half a surrogate pair would make encodeURI throw. It leaves what a data URL may hold as it is;
  // a "#" would end the URL.
  return `data:,${encodeURI(Buffer.from(text, 'utf8').toString('utf8')).replaceAll('#', '%23')}`;
});

/** The shortest data URL that holds a text as it is. */
export const dataUrl = memo((text: string): string => {
  const base64 = `data:;base64,${Buffer.from(text, 'utf8').toString('base64')}`;
  const escaped = escapedDataUrl(text);
  return escaped.length <= base64.length ? escaped : base64;
});

/** A data URL of the text's gzip. */
export function gzippedDataUrl(text: string): string {
  return `data:;base64,${gzip(text).toString('base64')}`;
}

/**
 * What stands for a file's content in a config for review: it names the file that lies unpacked beside the config.
 * Ignition's validator takes it; base64 would be for nobody to read.
 */
export function unpackedUrl(path: string): string {
  return `data:;triskel=file,files${path.split('/').map(encodeURIComponent).join('/')}`;
}
