export type ProfileName = "12.2" | "19c" | "23ai";

/** What differs between the releases of the server, as far as a client can see it. */
export interface Profile {
  readonly name: ProfileName;
  /** In ACCEPT; from 318 on ACCEPT has a second word of flags. */
  readonly tnsVersion: number;
  /** Decides which fields the messages have. The lower one of client and server counts. */
  readonly fieldVersion: number;
  /** The login arrives in one message. */
  readonly fastAuth: boolean;
  /** Every response ends with a mark. */
  readonly endOfResponse: boolean;
  /** The server tells its time zone while data types are negotiated. */
  readonly timeZone: boolean;
  /** Longest VARCHAR2 in bytes; longer binds are sent last. */
  readonly longestString: number;
  readonly banner: string;
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  "12.2": {
    name: "12.2",
    tnsVersion: 315,
    fieldVersion: 8,
    fastAuth: false,
    endOfResponse: false,
    timeZone: false,
    longestString: 4000,
    banner: "x86_64/Linux 2.4.xx",
  },
  "19c": {
    name: "19c",
    tnsVersion: 318,
    fieldVersion: 12,
    fastAuth: false,
    endOfResponse: false,
    timeZone: true,
    longestString: 4000,
    banner: "x86_64/Linux 2.4.xx",
  },
  "23ai": {
    name: "23ai",
    tnsVersion: 319,
    fieldVersion: 24,
    fastAuth: true,
    endOfResponse: true,
    timeZone: true,
    longestString: 32_767,
    banner: "x86_64/Linux 2.4.xx",
  },
};

/** Field versions at which a message gained fields. */
export const since = {
  columnObjectId: 8,
  sqlSignature: 8,
  chunkIds: 9,
  newVersionNumber: 11,
  errorSqlType: 14,
  columnDomain: 17,
  token: 18,
  columnAnnotations: 20,
  columnVector: 24,
  endOfResponse: 24,
  /** The login inside FAST_AUTH is written as this version, whatever was negotiated. */
  fastAuthLogin: 13,
} as const;
