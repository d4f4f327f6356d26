import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync, randomBytes } from "node:crypto";

/** Rounds of the verifier and of the session key, as a server sends them by default. */
export const VERIFIER_ROUNDS = 4096;
export const SESSION_KEY_ROUNDS = 3;
const SPEEDY = Buffer.from("AUTH_PBKDF2_SPEEDY_KEY");
const PROOF = Buffer.from("SERVER_TO_CLIENT");
const BLOCK = 16;
const SESSION_KEY = 32;

/** What a server stores of a password (12C verifier), and the salt of its logins. */
export interface Verifier {
  readonly salt: Buffer;
  readonly key: Buffer;
  readonly sessionSalt: Buffer;
}

export function makeVerifier(password: string): Verifier {
  const salt = randomBytes(BLOCK);
  const speedy = pbkdf2Sync(
    Buffer.from(password),
    Buffer.concat([salt, SPEEDY]),
    VERIFIER_ROUNDS,
    64,
    "sha512",
  );
  const key = createHash("sha512").update(speedy).update(salt).digest().subarray(0, SESSION_KEY);
  return { salt, key, sessionSalt: randomBytes(BLOCK) };
}

/** For an unknown user: the login fails in its second phase, as one with a wrong password does. */
export function inventVerifier(): Verifier {
  return { salt: randomBytes(BLOCK), key: randomBytes(SESSION_KEY), sessionSalt: randomBytes(BLOCK) };
}

export function hex(bytes: Buffer): string {
  return bytes.toString("hex").toUpperCase();
}

export function encrypt(key: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-cbc", key, Buffer.alloc(BLOCK)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** Undefined where the bytes are no whole blocks. */
function decrypt(key: Buffer, secret: Buffer): Buffer | undefined {
  if (secret.length === 0 || secret.length % BLOCK !== 0) return undefined;
  const cipher = createDecipheriv("aes-256-cbc", key, Buffer.alloc(BLOCK)).setAutoPadding(false);
  return Buffer.concat([cipher.update(secret), cipher.final()]);
}

/** The key of one login, from the halves that both sides threw in. */
export function sessionKey(verifier: Verifier, serverHalf: Buffer, clientSecret: string): Buffer | undefined {
  const clientHalf = decrypt(verifier.key, Buffer.from(clientSecret, "hex"))?.subarray(0, SESSION_KEY);
  if (clientHalf === undefined) return undefined;
  const both = Buffer.from(hex(Buffer.concat([clientHalf, serverHalf])));
  return pbkdf2Sync(both, verifier.sessionSalt, SESSION_KEY_ROUNDS, SESSION_KEY, "sha512");
}

/** A password that a client sent under the session key; garbage or undefined when the key is another. */
export function openPassword(key: Buffer, secret: string | undefined): string | undefined {
  const plain = decrypt(key, Buffer.from(secret ?? "", "hex"));
  const padding = plain?.at(-1) ?? 0;
  if (plain === undefined || padding < 1 || padding > BLOCK) return undefined;
  return plain.subarray(BLOCK, plain.length - padding).toString("utf8");
}

/** Proves to the client that the server knows the password too. */
export function serverProof(key: Buffer): string {
  return hex(encrypt(key, Buffer.concat([randomBytes(BLOCK), PROOF, Buffer.alloc(BLOCK, BLOCK)])));
}
