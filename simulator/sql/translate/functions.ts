import { asMoment, asNumber, asText } from "./coerce.ts";
import {
  CLOB,
  commonType,
  DATE,
  INTERVAL,
  isMoment,
  isText,
  NUMBER,
  text,
  TIMESTAMP,
  TIMESTAMP_TZ,
  type ResultType,
  type Typed,
} from "./types.ts";

/** A function of SQL: how many arguments, what it gives, and how SQLite is asked for it. */
export interface FunctionDefinition {
  readonly min: number;
  readonly max: number;
  readonly translate: (args: readonly Typed[]) => Typed;
  /** True for a function over the rows of a group. */
  readonly aggregate?: true;
}

const ANY = Number.POSITIVE_INFINITY;

function call(name: string, args: readonly Typed[]): string {
  return `${name}(${args.map((arg) => arg.sql).join(", ")})`;
}

/** Arguments as they come, result of a fixed type. */
function plain(name: string, min: number, max: number, type: ResultType): FunctionDefinition {
  return { min, max, translate: (args) => ({ sql: call(name, args), type }) };
}

function overNumbers(name: string, min: number, max: number): FunctionDefinition {
  return { min, max, translate: (args) => ({ sql: call(name, args.map(asNumber)), type: NUMBER }) };
}

function overText(
  name: string,
  min: number,
  max: number,
  type: (args: readonly Typed[]) => ResultType,
): FunctionDefinition {
  return {
    min,
    max,
    translate: (args) => ({
      sql: call(name, [...args.slice(0, 1).map(asText), ...args.slice(1)]),
      type: type(args),
    }),
  };
}

const sameSize = (args: readonly Typed[]): ResultType => text(args[0]?.type.size ?? 4000);
const wide = (): ResultType => text(4000);
const fixed = (type: ResultType) => (): ResultType => type;

function common(name: string): FunctionDefinition {
  return {
    min: 1,
    max: ANY,
    translate: (args) => {
      const type = commonType(args.map((arg) => arg.type));
      return {
        sql: call(
          name,
          args.map((arg) => as(arg, type)),
        ),
        type,
      };
    },
  };
}

/** Converts to text, a number or a date where the type asks for it. */
function as(value: Typed, type: ResultType): Typed {
  if (isText(type)) return asText(value);
  if (isMoment(type)) return asMoment(value);
  return type.type === "NUMBER" ? asNumber(value) : value;
}

/** ROUND and TRUNC work on numbers and on dates. */
function roundLike(name: string): FunctionDefinition {
  return {
    min: 1,
    max: 2,
    translate: (args) => {
      const moment = args[0] !== undefined && isMoment(args[0].type);
      return moment
        ? { sql: call(`ora_${name}_date`, args), type: DATE }
        : { sql: call(`ora_${name}`, args.map(asNumber)), type: NUMBER };
    },
  };
}

const decode: FunctionDefinition = {
  min: 3,
  max: ANY,
  translate: ([subject, ...rest]) => {
    const pairs: [Typed, Typed][] = [];
    for (let at = 0; at + 1 < rest.length; at += 2) {
      const [search, result] = [rest[at], rest[at + 1]];
      if (search && result) pairs.push([search, result]);
    }
    const otherwise = rest.length % 2 === 1 ? rest.at(-1) : undefined;
    const type = {
      ...commonType([...pairs.map(([, result]) => result.type), ...(otherwise ? [otherwise.type] : [])]),
      nullable: true,
    };
    const whens = pairs.map(
      ([search, result]) => `WHEN ${equalOrNull(subject, search)} THEN ${as(result, type).sql}`,
    );
    return { sql: `CASE ${whens.join(" ")}${otherwise ? ` ELSE ${as(otherwise, type).sql}` : ""} END`, type };
  },
};

/** DECODE takes two NULLs as equal. */
function equalOrNull(subject: Typed | undefined, search: Typed): string {
  if (subject === undefined) return "0";
  const value =
    subject.type.type === "NUMBER"
      ? asNumber(search)
      : search.type.type === "NUMBER"
        ? { ...search, sql: asText(search).sql }
        : search;
  return `${subject.sql} IS ${value.sql}`;
}

const nvl2: FunctionDefinition = {
  min: 3,
  max: 3,
  translate: ([subject, present, absent]) => {
    const type = commonType([present?.type ?? text(1), absent?.type ?? text(1)]);
    return {
      sql: `CASE WHEN ${subject?.sql} IS NOT NULL THEN ${present?.sql} ELSE ${absent?.sql} END`,
      type,
    };
  },
};

const toChar: FunctionDefinition = {
  min: 1,
  max: 3,
  translate: ([value, model]) => {
    if (value === undefined) return { sql: "NULL", type: text(1) };
    if (model === undefined) return asText(value);
    return { sql: `ora_to_char(${value.sql}, ${model.sql})`, type: text(75) };
  },
};

const toDate = (type: ResultType, name: string): FunctionDefinition => ({
  min: 1,
  max: 3,
  translate: ([value, model]) => {
    if (value !== undefined && isMoment(value.type)) return { sql: `ora_as_${name}(${value.sql})`, type };
    return {
      sql: `ora_to_${name}(${value?.sql}, ${model?.sql ?? (name === "date" ? "'NLS_DATE_FORMAT'" : "'NLS_TIMESTAMP_FORMAT'")})`,
      type,
    };
  },
});

/** SUM, AVG, MIN, MAX, COUNT: SQLite's own. */
function aggregate(
  name: string,
  type: (args: readonly Typed[]) => ResultType,
  numeric = false,
): FunctionDefinition {
  return {
    min: 1,
    max: 1,
    aggregate: true,
    translate: (args) => ({ sql: call(name, numeric ? args.map(asNumber) : args), type: type(args) }),
  };
}

const firstType = (args: readonly Typed[]): ResultType => ({ ...(args[0]?.type ?? NUMBER), nullable: true });

export const functions: Readonly<Record<string, FunctionDefinition>> = {
  COUNT: aggregate("count", () => ({ ...NUMBER, nullable: false })),
  SUM: aggregate("sum", () => NUMBER, true),
  AVG: aggregate("avg", () => NUMBER, true),
  MIN: aggregate("min", firstType),
  MAX: aggregate("max", firstType),
  LISTAGG: {
    min: 1,
    max: 2,
    aggregate: true,
    translate: ([value, separator]) => ({
      sql: `group_concat(${value?.sql}, ${separator?.sql ?? "''"})`,
      type: wide(),
    }),
  },
  NVL: { ...common("coalesce"), min: 2, max: 2 },
  COALESCE: { ...common("coalesce"), min: 2 },
  NVL2: nvl2,
  NULLIF: { min: 2, max: 2, translate: (args) => ({ sql: call("nullif", args), type: firstType(args) }) },
  GREATEST: common("ora_greatest"),
  LEAST: common("ora_least"),
  DECODE: decode,
  UPPER: overText("ora_upper", 1, 1, sameSize),
  LOWER: overText("ora_lower", 1, 1, sameSize),
  INITCAP: overText("ora_initcap", 1, 1, sameSize),
  SUBSTR: overText("ora_substr", 2, 3, sameSize),
  SUBSTRB: overText("ora_substr", 2, 3, sameSize),
  INSTR: overText("ora_instr", 2, 4, fixed(NUMBER)),
  LENGTH: overText("ora_length", 1, 1, fixed(NUMBER)),
  LENGTHB: overText("ora_lengthb", 1, 1, fixed(NUMBER)),
  TRIM: overText("ora_trim", 1, 2, sameSize),
  LTRIM: overText("ora_ltrim", 1, 2, sameSize),
  RTRIM: overText("ora_rtrim", 1, 2, sameSize),
  LPAD: overText("ora_lpad", 2, 3, wide),
  RPAD: overText("ora_rpad", 2, 3, wide),
  REPLACE: overText("ora_replace", 2, 3, wide),
  TRANSLATE: overText("ora_translate", 3, 3, sameSize),
  CONCAT: {
    min: 2,
    max: ANY,
    translate: (args) => ({ sql: call("ora_concat", args.map(asText)), type: wide() }),
  },
  ASCII: overText("ora_ascii", 1, 1, fixed(NUMBER)),
  CHR: { min: 1, max: 1, translate: (args) => ({ sql: call("ora_chr", args.map(asNumber)), type: text(4) }) },
  REGEXP_REPLACE: overText("ora_regexp_replace", 2, 3, wide),
  REGEXP_SUBSTR: overText("ora_regexp_substr", 2, 2, wide),
  ROUND: roundLike("round"),
  TRUNC: roundLike("trunc"),
  MOD: overNumbers("ora_mod", 2, 2),
  ABS: overNumbers("abs", 1, 1),
  CEIL: overNumbers("ora_ceil", 1, 1),
  FLOOR: overNumbers("ora_floor", 1, 1),
  SIGN: overNumbers("sign", 1, 1),
  POWER: overNumbers("ora_power", 2, 2),
  SQRT: overNumbers("sqrt", 1, 1),
  BITAND: overNumbers("ora_bitand", 2, 2),
  TO_NUMBER: {
    min: 1,
    max: 3,
    translate: ([value]) =>
      asNumber(
        value === undefined ? { sql: "NULL", type: text(1) } : isText(value.type) ? value : asText(value),
      ),
  },
  TO_CHAR: toChar,
  TO_NCHAR: toChar,
  TO_CLOB: {
    min: 1,
    max: 1,
    translate: (args) => ({ sql: asText(args[0] ?? { sql: "NULL", type: text(1) }).sql, type: CLOB }),
  },
  TO_DATE: toDate(DATE, "date"),
  TO_TIMESTAMP: toDate(TIMESTAMP, "timestamp"),
  TO_TIMESTAMP_TZ: toDate(TIMESTAMP_TZ, "timestamp_tz"),
  FROM_TZ: plain("ora_from_tz", 2, 2, TIMESTAMP_TZ),
  SYS_EXTRACT_UTC: plain("ora_sys_extract_utc", 1, 1, TIMESTAMP),
  ADD_MONTHS: {
    min: 2,
    max: 2,
    translate: ([date, months]) => ({ sql: `ora_add_months(${date?.sql}, ${months?.sql})`, type: DATE }),
  },
  MONTHS_BETWEEN: plain("ora_months_between", 2, 2, NUMBER),
  LAST_DAY: plain("ora_last_day", 1, 1, DATE),
  NUMTODSINTERVAL: plain("ora_numtodsinterval", 2, 2, INTERVAL),
  SYS_CONTEXT: plain("ora_sys_context", 2, 3, text(256)),
  USERENV: {
    min: 1,
    max: 1,
    translate: ([name]) => ({ sql: `ora_sys_context('USERENV', ${name?.sql})`, type: text(256) }),
  },
  ORA_HASH: plain("ora_ora_hash", 1, 3, NUMBER),
  STANDARD_HASH: plain("ora_standard_hash", 1, 2, { type: "RAW", size: 64, nullable: true }),
  SYS_GUID: plain("ora_sys_guid", 0, 0, { type: "RAW", size: 16, nullable: false }),
  RAWTOHEX: { min: 1, max: 1, translate: (args) => ({ sql: call("hex", args), type: text(4000) }) },
  HEXTORAW: plain("ora_hextoraw", 1, 1, { type: "RAW", size: 2000, nullable: true }),
  DUMP: plain("ora_dump", 1, 4, text(4000)),
  VSIZE: plain("ora_lengthb", 1, 1, NUMBER),
  SCN_TO_TIMESTAMP: plain("ora_scn_to_timestamp", 1, 1, TIMESTAMP),
  TIMESTAMP_TO_SCN: plain("ora_timestamp_to_scn", 1, 1, NUMBER),
  "DBMS_FLASHBACK.GET_SYSTEM_CHANGE_NUMBER": plain("ora_current_scn", 0, 0, NUMBER),
  "SYS.DBMS_FLASHBACK.GET_SYSTEM_CHANGE_NUMBER": plain("ora_current_scn", 0, 0, NUMBER),
  "DBMS_RANDOM.VALUE": plain("ora_random", 0, 2, NUMBER),
  "DBMS_UTILITY.GET_TIME": plain("ora_get_time", 0, 0, NUMBER),
};

/** Functions that are called without parentheses. */
export const niladic: Readonly<Record<string, Typed>> = {
  SYSDATE: { sql: "ora_sysdate()", type: DATE },
  CURRENT_DATE: { sql: "ora_sysdate()", type: DATE },
  SYSTIMESTAMP: { sql: "ora_systimestamp()", type: TIMESTAMP_TZ },
  CURRENT_TIMESTAMP: { sql: "ora_systimestamp()", type: TIMESTAMP_TZ },
  LOCALTIMESTAMP: { sql: "ora_localtimestamp()", type: TIMESTAMP },
  USER: { sql: "ora_sys_context('USERENV', 'SESSION_USER')", type: text(128) },
  UID: { sql: "ora_uid()", type: NUMBER },
  DBTIMEZONE: { sql: "ora_dbtimezone()", type: text(6) },
  SESSIONTIMEZONE: { sql: "ora_dbtimezone()", type: text(75) },
};

/** Functions that exist only with OVER. */
export const analytics: Readonly<Record<string, (args: readonly Typed[]) => Typed>> = Object.fromEntries([
  ...["ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE"].map((name) => [
    name,
    (args: readonly Typed[]) => ({ sql: call(name, args), type: NUMBER }),
  ]),
  ...["LEAD", "LAG", "FIRST_VALUE", "LAST_VALUE"].map((name) => [
    name,
    (args: readonly Typed[]) => ({ sql: call(name, args), type: firstType(args) }),
  ]),
]);
