import { closest, distance } from 'fastest-levenshtein';

/** The known word that the unknown one most likely meant, if any is near enough to be worth saying. */
function suggest(unknown: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const word = unknown.toLowerCase();
  const best =
    known[
      known
        .map((k) => k.toLowerCase())
        .indexOf(
          closest(
            word,
            known.map((k) => k.toLowerCase()),
          ),
        )
    ];
  const limit = Math.max(1, Math.floor(Math.max(word.length, best?.length ?? 0) * 0.4));
  return best !== undefined && distance(word, best.toLowerCase()) <= limit ? best : undefined;
}

/** ` Did you mean "x"?`, with its leading blank, or nothing. */
export function didYouMean(unknown: string, known: readonly string[]): string {
  const best = suggest(unknown, known);
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}
