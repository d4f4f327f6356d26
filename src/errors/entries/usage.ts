/** UMB-2xxx. */
export const usageErrors = {} as const;
