/** One error of the catalogue: exit class, what happened, what to do. */
export interface Entry<C> {
  readonly exit: number;
  readonly text: (context: C) => string;
  readonly hint: string;
}

export function entry<C>(exit: number, text: (context: C) => string, hint: string): Entry<C> {
  return { exit, text, hint };
}
