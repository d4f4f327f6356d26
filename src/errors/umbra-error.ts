import { catalogue, type ErrorCode, type ErrorContext } from "./catalogue.ts";

/** The only exception umbra throws on purpose. Text, hint and exit class come from the catalogue. */
export class UmbraError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly context: ErrorContext<C>;

  constructor(code: C, context: ErrorContext<C>, options?: { cause?: unknown }) {
    super(textOf(code, context), options);
    this.name = "UmbraError";
    this.code = code;
    this.context = context;
  }

  get exit(): number {
    return catalogue[this.code].exit;
  }

  get hint(): string {
    return catalogue[this.code].hint;
  }
}

function textOf<C extends ErrorCode>(code: C, context: ErrorContext<C>): string {
  return (catalogue[code].text as (context: ErrorContext<C>) => string)(context);
}

export function isUmbraError(value: unknown): value is UmbraError {
  return value instanceof UmbraError;
}
