/** Some lines of a German message file: whoever reads output has to fix the language. */
const german: readonly (readonly [english: string, german: string])[] = [
  ["ORACLE instance started.", "ORACLE-Instanz hochgefahren."],
  ["ORACLE instance shut down.", "ORACLE-Instanz heruntergefahren."],
  ["Database mounted.", "Datenbank mounted."],
  ["Database opened.", "Datenbank geöffnet."],
  ["Database closed.", "Datenbank geschlossen."],
  ["Database dismounted.", "Datenbank dismounted."],
  ["Database altered.", "Datenbank geändert."],
  ["no rows selected", "Es wurden keine Zeilen ausgewählt"],
  ["ERROR at line", "FEHLER in Zeile"],
];

/** Output in the language of NLS_LANG, as far as this host has its messages. */
export function inLanguage(text: string, nlsLang: string | undefined): string {
  if (nlsLang?.toUpperCase().startsWith("GERMAN") !== true) return text;
  return german.reduce((translated, [from, to]) => translated.replaceAll(from, to), text);
}
