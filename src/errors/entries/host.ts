/** UMB-7xxx. */
export const hostErrors = {} as const;
