/** UMB-6xxx. */
export const storageErrors = {} as const;
