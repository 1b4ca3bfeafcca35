/** `ws://127.0.0.1:25120/`, where twcard-web listens. */
export const MAIN_ADDRESS: string;

export type Language = 'zh-TW' | 'en';

/** Why there is no connection. README.md says how each is recognised, and in which browser it cannot be. */
export type ConnectionState =
  | 'blocked'
  | 'dismissed'
  | 'not_running'
  | 'tls_not_trusted'
  | 'page_policy'
  | 'origin_denied'
  | 'too_many_connections'
  | 'not_answering';

/** Codes that the client itself sets; every other code comes from the service (docs/protocol.md). */
export type ClientErrorCode = ConnectionState | 'connection_closed' | 'aborted' | 'protocol_error';

export type ServiceErrorCode =
  | 'pin_incorrect'
  | 'pin_blocked'
  | 'pin_length'
  | 'pin_required'
  | 'pin_last_try'
  | 'user_cancelled'
  | 'no_card'
  | 'card_removed'
  | 'card_busy'
  | 'several_cards'
  | 'no_reader'
  | 'no_pcsc'
  | 'unsupported_card'
  | 'card_error'
  | 'card_refused'
  | 'profile_missing'
  | 'signature_mismatch'
  | 'origin_denied'
  | 'user_denied'
  | 'prompt_unavailable'
  | 'site_unreachable'
  | 'site_failed'
  | 'service_unavailable'
  | 'timeout'
  | 'bad_request'
  | 'internal';

/** Stable, for programs. A later service may give codes that are not listed here. */
export type ErrorCode = ClientErrorCode | ServiceErrorCode | (string & {});

/** What the page should say and do. */
export interface Advice {
  /** The sentence for the user; '' from `advice()` for codes whose sentence comes with the service's answer. */
  title: string;
  /** What helps, one step per entry; may be empty. */
  steps: string[];
  /**
   * What to offer: `allow`: the user changes the browser's setting, then tries again; `retry`: a button to try again;
   * `administer`: somebody has to change this computer first; `report`: the site's developers have to change the
   * page.
   */
  do: 'allow' | 'retry' | 'administer' | 'report';
}

/** Every promise of this module rejects with this. */
export class TwcardError extends Error {
  readonly code: ErrorCode;
  /** For the user, in the language that `connect` was given. */
  readonly message: string;
  /** In the same language; its title is `message`. */
  readonly advice: Advice;
  /** For developers: the field, the limit, the close code. Never personal data. */
  readonly detail?: string;
  /** Remaining PIN attempts as reported by the card, with `pin_incorrect`. */
  readonly triesLeft?: number;
  /** Where `authenticateWithNhiCard` stopped, at the insurer's site or at the card: for developers. */
  readonly step?: 'health_check' | 'hello' | 'challenge' | 'signature' | 'card_number' | 'card_challenge' | 'card_answer';
}

export interface ConnectOptions {
  /** Address of the service; `MAIN_ADDRESS` by default. */
  url?: string;
  /** Of error messages and of the prompts that the user sees; the page's `<html lang>` by default. */
  language?: string;
  /**
   * Called when the connection is not open after 700 ms: most likely the browser is asking whether this site may
   * connect to programs on this computer, so ask the user to press "Allow".
   */
  onHint?: (hint: 'permission') => void;
  /** Aborting ends the connection, whatever it is doing; open prompts close. */
  signal?: AbortSignal;
}

export interface CallOptions {
  /**
   * Aborting rejects the call with `aborted` and closes its prompt. Since only the end of a connection closes a prompt,
   * the connection ends as well; one of `stayConnected` comes back by itself.
   */
  signal?: AbortSignal;
}

/** A login token in the Web eID format `web-eid:1.0`. */
export interface AuthenticationToken {
  unverifiedCertificate: string;
  algorithm: 'RS256';
  signature: string;
  format: 'web-eid:1.0';
  appVersion: string;
}

export type NhiField =
  | 'card_number'
  | 'name'
  | 'id_number'
  | 'birth_date'
  | 'sex'
  | 'issue_date'
  | 'termination';

export interface NhiReading {
  /** Only the fields that were asked for. Dates are ISO 8601 (`1996-01-02`). */
  fields: Partial<Record<NhiField, string>>;
  /** The name has a character that the card's encoding leaves open: let the user check it. */
  nameUncertain: boolean;
  /** Doubts about these fields, in English, for developers. */
  warnings: string[];
}

/** What the insurer's authentication site has signed for the NHI card. The server verifies it (docs/protocol.md). */
export interface NhiAuthentication {
  /** 12 digits. */
  cardNumber: string;
  /** 20 characters, made of the page's origin and the challenge; the server computes them itself and compares. */
  signed: string;
  /** 256 characters. */
  signature: string;
}

export interface CardCertificate {
  /** DER in base64. */
  certificate: string;
  role: 'signature' | 'encryption' | 'issuing_ca' | 'root_ca';
  label: string;
  subject: string;
  issuer: string;
  notBefore: string;
  notAfter: string;
  usage: string[];
}

export type HashFunction = 'SHA-256' | 'SHA-384' | 'SHA-512';

export interface SignRequest {
  /** As listed by `certificates()`: base64, or DER octets. */
  certificate: string | BufferSource;
  /** The hash itself: base64, or octets. */
  hash: string | BufferSource;
  hashFunction: HashFunction;
}

export interface CardSignature {
  /** base64 */
  signature: string;
  signatureAlgorithm: { cryptoAlgorithm: 'RSA'; paddingScheme: 'PKCS1.5'; hashFunction: HashFunction };
}

export interface ServiceInformation {
  service: 'twcard';
  version: string;
  protocol: 1;
  methods: string[];
}

export interface Connection {
  readonly service: ServiceInformation;
  /**
   * `card_inserted`, `card_ready`, `card_removed` (after `subscribe()`; `event.detail.card.kind`), and `close`
   * (`event.detail.error`) once when the connection ends.
   */
  readonly events: EventTarget;
  /** Has the citizen card sign a challenge. `nonce`: base64 from the site's server, 44 to 128 characters. */
  authenticate(nonce: string, options?: CallOptions): Promise<AuthenticationToken>;
  /** Reads the named fields of the NHI card, after the user agreed to exactly these. */
  readNhiCard(fields: NhiField[], options?: CallOptions): Promise<NhiReading>;
  /**
   * Proves the NHI card to the insurer's authentication site, which signs for this page. The card has no PIN: a site should
   * also ask for a password. `challenge`: base64 from the site's server, 44 to 128 characters.
   */
  authenticateWithNhiCard(challenge: string, options?: CallOptions): Promise<NhiAuthentication>;
  certificates(options?: CallOptions): Promise<CardCertificate[]>;
  sign(request: SignRequest, options?: CallOptions): Promise<CardSignature>;
  /** Asks for card events; they concern only a card that the user has let this page use. */
  subscribe(options?: CallOptions): Promise<void>;
  /** Ends the connection: open prompts close, unanswered calls are rejected with `connection_closed`. */
  close(): void;
}

export interface LastingConnection extends Omit<Connection, 'service'> {
  /** null while there is no connection. */
  readonly service: ServiceInformation | null;
  /**
   * `connecting`: the connection was lost and is being made again; `ended`: by the page, or by something that only the user
   * can change. `events` has a `state` event (`event.detail.state`, `event.detail.error`) at every change.
   */
  readonly state: 'ready' | 'connecting' | 'ended';
}

/**
 * Connects to the card service on this computer. Call it from the user's click and say first what will happen: the
 * browser may ask for a permission. It waits as long as that question is open; every other wait has a deadline.
 */
export function connect(options?: ConnectOptions): Promise<Connection>;

/**
 * As `connect`, for a page that stays open: after a restart of the service the connection comes back and is subscribed
 * again. A call in progress is rejected with `connection_closed` and not repeated, since the user would be asked
 * twice; calls in between wait up to 10 s. If the first connection fails, it is not tried again.
 */
export function stayConnected(options?: ConnectOptions): Promise<LastingConnection>;

export interface CheckResult {
  state: 'ready' | ErrorCode;
  /** null unless `ready`. */
  service: ServiceInformation | null;
  /** null when `ready`. */
  advice: Advice | null;
  detail?: string;
}

/** Whether the service can be reached, as a value instead of an error. Opens a connection and closes it. */
export function check(options?: ConnectOptions): Promise<CheckResult>;

/**
 * Calls `changed` when the user changes the browser's permission for this site to connect to programs on this
 * computer: with `granted`, advice about `blocked` can be removed. Does nothing in browsers that have no such permission.
 */
export function watchPermission(
  changed: (state: PermissionState) => void,
  options?: { signal?: AbortSignal },
): Promise<void>;

/** What to say and do about a code. `language` is the page's `<html lang>` unless given. */
export function advice(code: ErrorCode, language?: string): Advice;
