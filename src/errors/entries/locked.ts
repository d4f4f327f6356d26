/** UMB-8xxx. */
export const lockedErrors = {} as const;
