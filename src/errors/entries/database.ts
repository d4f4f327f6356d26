/** UMB-5xxx. */
export const databaseErrors = {} as const;
