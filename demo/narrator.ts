/** Tells what happens: as text for people, or silently where only the last JSON line is wanted. */
export interface Narrator {
  chapter(title: string): void;
  say(text: string): void;
}

export function narrator(json: boolean): Narrator {
  const write = json
    ? (text: string) => process.stderr.write(`${text}\n`)
    : (text: string) => console.log(text);
  return {
    chapter: (title) => write(`\n── ${title} ──`),
    say: (text) => write(text),
  };
}
