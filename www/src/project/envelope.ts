/**
 * A project as encrypted bytes (docs/PROJECT_FORMAT.md): a readable header, and contents that only the passphrase opens.
 * AES-256-GCM with the header as additional data; the key by PBKDF2-HMAC-SHA-256 (NIST SP 800-38D and SP 800-132; rounds as
 * OWASP's Password Storage Cheat Sheet). Pure but for the browser's own cryptography.
 */
import { ProjectProblem } from './problem';

/** What the contents are: a whole project, or a training run under way. */
export type EnvelopeKind = 'project' | 'run';
const KINDS: readonly EnvelopeKind[] = ['project', 'run'];

/** A passphrase's key, which cannot be read out, and what it was derived with. */
export interface ProjectKey {
  key: CryptoKey;
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
}

/** What anybody can read of a project. */
export interface Header {
  kind: EnvelopeKind;
  name: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  rounds: number;
  salt: Uint8Array<ArrayBuffer>;
  /** Bytes of the header and of the encrypted contents. */
  size: number;
  contents: number;
}

const MAGIC = 0x4a505344; // "DSPJ", little-endian
const VERSION = 1;
export const ROUNDS = 600_000;
/** More would keep the page busy for minutes: no file of ours has them. */
const MOST_ROUNDS = 10_000_000;
const SALT = 16;
const IV = 12;
const TAG = 16;
const HASH = 32;
/** Where the fields lie; the name and the checksum follow. */
const AT = {
  kind: 6,
  rounds: 8,
  salt: 12,
  iv: 28,
  checkIv: 40,
  check: 52,
  contents: 68,
  savedAt: 76,
  name: 84,
} as const;
const FIXED = 86;
/** As many bytes are enough to read any header. */
export const LONGEST_HEADER = FIXED + 0xffff + HASH;

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const hashOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

async function derive(passphrase: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<ProjectKey> {
  // The same characters may be typed as different code points.
  const secret = new TextEncoder().encode(passphrase.normalize('NFC'));
  const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
  return { key, salt, rounds };
}

/** A key for a new project. */
export const newKey = (passphrase: string): Promise<ProjectKey> => derive(passphrase, random(SALT), ROUNDS);

/** Encrypts `contents`. A key may seal many times: each has nonces of its own. */
export async function seal(
  { kind, name, savedAt }: Pick<Header, 'kind' | 'name' | 'savedAt'>,
  contents: Uint8Array<ArrayBuffer>,
  { key, salt, rounds }: ProjectKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const called = new TextEncoder().encode(name).subarray(0, 0xffff);
  const header = new Uint8Array(FIXED + called.length + HASH);
  const view = viewOf(header);
  const [iv, checkIv] = [random(IV), random(IV)];
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(AT.kind, KINDS.indexOf(kind), true);
  view.setUint32(AT.rounds, rounds, true);
  header.set(salt, AT.salt);
  header.set(iv, AT.iv);
  header.set(checkIv, AT.checkIv);
  // Encrypts nothing: its tag tells a wrong passphrase from damaged contents.
  const check = await crypto.subtle.encrypt(gcm(checkIv, header.slice(0, AT.check)), key, new Uint8Array());
  header.set(new Uint8Array(check), AT.check);
  view.setBigUint64(AT.contents, BigInt(contents.length + TAG), true);
  view.setBigUint64(AT.savedAt, BigInt(savedAt), true);
  view.setUint16(AT.name, called.length, true);
  header.set(called, FIXED);
  const end = FIXED + called.length;
  header.set(await hashOf(header.slice(0, end)), end);
  const encrypted = new Uint8Array(await crypto.subtle.encrypt(gcm(iv, header), key, contents));
  const whole = new Uint8Array(header.length + encrypted.length);
  whole.set(header);
  whole.set(encrypted, header.length);
  return whole;
}

const gcm = (iv: Uint8Array<ArrayBuffer>, additionalData: Uint8Array<ArrayBuffer>): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData,
});

/** Reads the header from the first bytes of a project. */
export async function readHeader(bytes: Uint8Array<ArrayBuffer>): Promise<Header> {
  const view = viewOf(bytes);
  if (bytes.length < 6 || view.getUint32(0, true) !== MAGIC) throw new ProjectProblem('foreign');
  if (view.getUint16(4, true) > VERSION) throw new ProjectProblem('later');
  if (bytes.length < FIXED) throw new ProjectProblem('damaged');
  const end = FIXED + view.getUint16(AT.name, true);
  if (bytes.length < end + HASH) throw new ProjectProblem('damaged');
  const hash = await hashOf(bytes.slice(0, end));
  if (hash.some((byte, index) => byte !== bytes[end + index])) throw new ProjectProblem('damaged');
  const kind = KINDS[view.getUint16(AT.kind, true)];
  const rounds = view.getUint32(AT.rounds, true);
  const contents = Number(view.getBigUint64(AT.contents, true));
  if (!kind || rounds < ROUNDS || rounds > MOST_ROUNDS || contents < TAG) throw new ProjectProblem('damaged');
  return {
    kind,
    name: new TextDecoder().decode(bytes.subarray(FIXED, end)),
    savedAt: Number(view.getBigUint64(AT.savedAt, true)),
    rounds,
    salt: bytes.slice(AT.salt, AT.salt + SALT),
    size: end + HASH,
    contents,
  };
}

/** The key of a project by its passphrase. Takes about half a second, on purpose. */
export async function unlock(bytes: Uint8Array<ArrayBuffer>, passphrase: string): Promise<ProjectKey> {
  const { salt, rounds } = await readHeader(bytes);
  const own = await derive(passphrase, salt, rounds);
  const iv = bytes.slice(AT.checkIv, AT.checkIv + IV);
  const check = bytes.slice(AT.check, AT.check + TAG);
  try {
    await crypto.subtle.decrypt(gcm(iv, bytes.slice(0, AT.check)), own.key, check);
  } catch {
    throw new ProjectProblem('passphrase');
  }
  return own;
}

/** Decrypts the contents of a whole project. */
export async function unseal(bytes: Uint8Array<ArrayBuffer>, { key }: ProjectKey): Promise<Uint8Array<ArrayBuffer>> {
  const { size, contents } = await readHeader(bytes);
  if (bytes.length !== size + contents) throw new ProjectProblem('damaged');
  try {
    const iv = bytes.slice(AT.iv, AT.iv + IV);
    return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, bytes.slice(0, size)), key, bytes.subarray(size)));
  } catch {
    throw new ProjectProblem('damaged');
  }
}
