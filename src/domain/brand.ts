declare const brand: unique symbol;

/** A primitive that only its own parser makes, so that one name is never passed for another. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
