import { bugErrors } from "./entries/bug.ts";
import { databaseErrors } from "./entries/database.ts";
import { hostErrors } from "./entries/host.ts";
import { interruptedErrors } from "./entries/interrupted.ts";
import { lockedErrors } from "./entries/locked.ts";
import { productionErrors } from "./entries/production.ts";
import { refusedErrors } from "./entries/refused.ts";
import { storageErrors } from "./entries/storage.ts";
import { usageErrors } from "./entries/usage.ts";
import { verificationErrors } from "./entries/verification.ts";

/** Every error umbra raises. A code is never given another meaning; its first digits are its exit class. */
export const catalogue = {
  ...bugErrors,
  ...usageErrors,
  ...refusedErrors,
  ...databaseErrors,
  ...storageErrors,
  ...hostErrors,
  ...lockedErrors,
  ...verificationErrors,
  ...productionErrors,
  ...interruptedErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;
export type ErrorContext<C extends ErrorCode> = Parameters<(typeof catalogue)[C]["text"]>[0];
