/** Words that end an expression or a table reference, so that they are neither a column nor an alias there. */
const RESERVED = new Set(
  (
    "SELECT FROM WHERE GROUP ORDER BY HAVING CONNECT START WITH UNION INTERSECT MINUS EXCEPT AND OR NOT IN IS NULL LIKE BETWEEN EXISTS " +
    "CASE WHEN THEN ELSE END ON USING JOIN INNER LEFT RIGHT FULL CROSS NATURAL AS FETCH OFFSET FOR INTO VALUES SET DISTINCT UNIQUE ALL ANY " +
    "ASC DESC INSERT UPDATE DELETE MERGE CREATE ALTER DROP TABLE LOOP IF ELSIF RETURNING"
  ).split(" "),
);

export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}
