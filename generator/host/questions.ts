/** Asks somebody at the terminal; an answer is undefined when the questions are broken off. */
export interface Questions {
  readonly text: (
    title: string,
    example: string,
    check: (text: string) => string | undefined,
  ) => Promise<string | undefined>;
  readonly select: <T extends string>(
    title: string,
    initial: T,
    choices: readonly { readonly value: T; readonly label: string }[],
  ) => Promise<T | undefined>;
  readonly close: () => void;
}

/** Starts with a title. Everything is shown on standard error: standard output is for results. */
export async function openQuestions(title: string): Promise<Questions> {
  const { cancel, intro, isCancel, outro, select, text } = await import('@clack/prompts');
  const output = process.stderr;
  intro(title, { output });
  const answered = (answer: string | symbol): string | undefined => {
    if (!isCancel(answer)) return String(answer);
    cancel('Broken off.', { output });
    return undefined;
  };
  return {
    text: async (message, placeholder, check) =>
      answered(await text({ message, placeholder, validate: (given) => check(given ?? ''), output })),
    select: async (message, initialValue, choices) => {
      const options = choices.map(({ value, label }) => ({ value, label }));
      const answer = answered(await select<string>({ message, initialValue, options, output }));
      return choices.find(({ value }) => value === answer)?.value;
    },
    close: () => outro('', { output }),
  };
}
