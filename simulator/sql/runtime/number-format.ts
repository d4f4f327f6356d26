import { fail } from "../errors.ts";
import { numberText } from "./stored-value.ts";

/** TO_CHAR of a number: 9 0 . , D G FM TM9 X MI S. Too small a model gives hash signs, as Oracle does. */
export function formatNumber(value: bigint | number, model: string): string {
  const upper = model.toUpperCase();
  const tight = upper.startsWith("FM");
  const body = tight ? upper.slice(2) : upper;
  if (body.startsWith("TM")) return numberText(value).replace(/^(-?)0\./, "$1.");
  if (/^0*X+$/.test(body)) return hexadecimal(value, model.replace(/^fm/i, ""), tight);
  if (!/^S?[90.,DG]*(?:MI|S)?$/.test(body)) throw fail(1481);
  const picture = body
    .replaceAll(/^S|MI$|S$/g, "")
    .replaceAll("D", ".")
    .replaceAll("G", ",");
  const signed =
    picture === body.replaceAll("D", ".").replaceAll("G", ",")
      ? "leading"
      : body.startsWith("S")
        ? "always"
        : "trailing";
  return decimal(value, picture, tight, signed);
}

function decimal(value: bigint | number, picture: string, tight: boolean, signed: string): string {
  const [whole = "", fraction = ""] = picture.split(".");
  const [digits = "", decimals] = fixedDigits(value, fraction.length).split(".");
  const places = whole.replaceAll(",", "");
  const shown = digits === "0" && !places.includes("0") && fraction !== "" ? "" : digits;
  const width = picture.length + 1;
  if (shown.length > places.length) return "#".repeat(width);
  const zeros = places.includes("0") ? places.length - places.indexOf("0") : 0;
  const grouped = group(shown.padStart(zeros, "0"), whole);
  const kept = tight && decimals !== undefined ? withoutZeros(decimals, fraction) : decimals;
  const number = kept === undefined ? grouped : `${grouped}.${kept}`;
  return tight ? withSign(number, value < 0, signed, "") : withSign(number, value < 0, signed, " ", width);
}

function fixedDigits(value: bigint | number, decimals: number): string {
  if (typeof value === "number") return Math.abs(value).toFixed(decimals);
  return `${value < 0n ? -value : value}${decimals === 0 ? "" : `.${"0".repeat(decimals)}`}`;
}

/** FM drops zeros at the end, but for those that the model asks for with 0. */
function withoutZeros(decimals: string, fraction: string): string {
  const least = fraction.lastIndexOf("0") + 1;
  return decimals.slice(0, least) + decimals.slice(least).replace(/0+$/, "");
}

function withSign(number: string, negative: boolean, signed: string, blank: string, width = 0): string {
  if (signed === "trailing") return number.padStart(width - 1) + (negative ? "-" : blank);
  return ((negative ? "-" : signed === "always" ? "+" : "") + number).padStart(width);
}

function group(digits: string, whole: string): string {
  if (!whole.includes(",")) return digits;
  let text = "";
  let at = digits.length;
  for (let place = whole.length - 1; place >= 0 && at > 0; place -= 1) {
    if (whole[place] === ",") text = `,${text}`;
    else text = `${digits[(at -= 1)] ?? ""}${text}`;
  }
  return text.replace(/^,/, "");
}

function hexadecimal(value: bigint | number, model: string, tight: boolean): string {
  const text = BigInt(Math.round(Number(value))) === BigInt(value) ? BigInt(value).toString(16) : "";
  if (text === "" || text.length > model.length || value < 0) return "#".repeat(model.length + 1);
  const padded = model.startsWith("0") ? text.padStart(model.length, "0") : text;
  const cased = model.includes("X") ? padded.toUpperCase() : padded;
  return tight ? cased : cased.padStart(model.length + 1);
}
