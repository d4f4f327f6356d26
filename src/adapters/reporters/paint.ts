import { styleText } from "node:util";

type Colour = "green" | "red" | "yellow" | "dim" | "bold";

/** Colours a text, or leaves it where the output takes no colour. */
export type Paint = (colour: Colour, text: string) => string;

export function paintFor(colour: boolean): Paint {
  return colour ? (name, text) => styleText(name, text, { validateStream: false }) : (_, text) => text;
}
