/** UMB-10xxx. */
export const productionErrors = {} as const;
