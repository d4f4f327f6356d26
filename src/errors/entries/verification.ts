/** UMB-9xxx. */
export const verificationErrors = {} as const;
