/** UMB-3xxx. */
export const refusedErrors = {} as const;
