import { gzip } from './shared/gzip.ts';
import { memo } from './shared/memo.ts';

/** The shortest data URL (RFC 2397) that holds a text as it is. */
export const dataUrl = memo((text: string): string => {
  const bytes = Buffer.from(text, 'utf8');
  const base64 = `;base64,${bytes.toString('base64')}`;
  // Through the bytes and back: half a surrogate pair would make encodeURIComponent throw.
  const escaped = `,${encodeURIComponent(bytes.toString('utf8'))}`;
  return `data:${escaped.length <= base64.length ? escaped : base64}`;
});

/** A data URL of the text's gzip. */
export const gzippedDataUrl = memo((text: string): string => `data:;base64,${gzip(text).toString('base64')}`);

/**
 * What stands for a file's content in a config for review: it names the file that lies unpacked beside the config.
 * Ignition's validator takes it; base64 would be for nobody to read.
 */
export function unpackedUrl(path: string): string {
  return `data:;triskel=file,files${path.split('/').map(encodeURIComponent).join('/')}`;
}
