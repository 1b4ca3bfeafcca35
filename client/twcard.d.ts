/** `ws://127.0.0.1:25120/`, where twcard-web listens. */
export const MAIN_ADDRESS: string;

export type Language = 'zh-TW' | 'en';

/** Codes that the client itself gives; every other code comes from the service (docs/protocol.md). */
export type ClientErrorCode =
  | 'service_unreachable'
  | 'origin_denied'
  | 'too_many_connections'
  | 'connection_closed'
  | 'aborted'
  | 'timeout'
  | 'protocol_error';

export type ServiceErrorCode =
  | 'pin_incorrect'
  | 'pin_blocked'
  | 'pin_length'
  | 'pin_required'
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
  | 'service_unavailable'
  | 'timeout'
  | 'bad_request'
  | 'internal';

/** What every promise of this module is rejected with. */
export class TwcardError extends Error {
  /** Stable, for programs. A later service may give codes that are not listed here. */
  readonly code: ClientErrorCode | ServiceErrorCode | (string & {});
  /** For the person, in the language that `connect` was given. */
  readonly message: string;
  /** For developers: the field, the limit, the close code. Never personal data. */
  readonly detail?: string;
  /** PIN tries that the card says are left, with `pin_incorrect`. */
  readonly triesLeft?: number;
}

export interface ConnectOptions {
  /** Address of the service; `MAIN_ADDRESS` by default. */
  url?: string;
  /** Of error messages and of the prompts that the person sees; the page's `<html lang>` by default. */
  language?: string;
  /**
   * Called once when the connection is not open after 700 ms: most likely the browser is asking the person whether
   * this site may connect to programs on this computer, so tell them to press "Allow".
   */
  onHint?: (hint: 'permission') => void;
  /** Aborting ends the connection, whatever it is doing; open prompts close. */
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
  /** The name has a character that the card's encoding leaves open: let the person check it. */
  nameUncertain: boolean;
  /** Doubts about these fields, in English, for developers. */
  warnings: string[];
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
  authenticate(nonce: string): Promise<AuthenticationToken>;
  /** Reads the named fields of the NHI card, after the person agreed to exactly these. */
  readNhiCard(fields: NhiField[]): Promise<NhiReading>;
  certificates(): Promise<CardCertificate[]>;
  sign(request: SignRequest): Promise<CardSignature>;
  /** Asks for card events; they concern only a card that the person has let this page use. */
  subscribe(): Promise<void>;
  /** Ends the connection: open prompts close, unanswered calls are rejected with `connection_closed`. */
  close(): void;
}

/**
 * Connects to the card service on this computer. Call it from the person's click and say first what will happen: the
 * browser may ask for a permission. It waits as long as that question is open; every other wait has a deadline.
 */
export function connect(options?: ConnectOptions): Promise<Connection>;
