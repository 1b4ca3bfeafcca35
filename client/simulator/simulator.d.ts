import type {
  advice, check, connect, ConnectionState, ErrorCode, MAIN_ADDRESS, ServiceErrorCode, stayConnected,
  TwcardError, watchPermission,
} from '../twcard.js';

export interface SimulatedPerson {
  name: string;
  idNumber: string;
  /** ISO 8601, as `issueDate`. */
  birthDate: string;
  sex: 'M' | 'F';
  /** 12 digits, of the NHI card. */
  cardNumber: string;
  issueDate: string;
}

export type SimulatedCard = 'citizen' | 'nhi';
type Method = 'authenticate' | 'nhi.read' | 'nhi.authenticate' | 'certificates' | 'sign' | 'events';

/** Everything that twcard.js exports, and how the simulated computer behaves. */
export interface Simulator {
  connect: typeof connect;
  stayConnected: typeof stayConnected;
  check: typeof check;
  watchPermission: typeof watchPermission;
  advice: typeof advice;
  TwcardError: typeof TwcardError;
  MAIN_ADDRESS: typeof MAIN_ADDRESS;

  readonly person: SimulatedPerson;
  /** PEM. What the tokens verify with: the root of the person's certificate and its list of revoked certificates. */
  readonly rootCertificate: string;
  readonly revocationList: string;
  /** PEM. What the insurer's site signs verifies with it: RSASSA-PKCS1-v1_5, SHA-256, over cardNumber and signed. */
  readonly insurerKey: string;
  /** Every request so far. */
  readonly requests: { method: string; params: Record<string, unknown> }[];

  /** What the next connection meets; `blocked` and `dismissed` also change the simulated permission. */
  state: 'ready' | ConnectionState;
  /** The next `times` requests (1), of one method or of any, are answered with this error. */
  fail(
    code: ServiceErrorCode | ErrorCode,
    how?: { times?: number; method?: Method; triesLeft?: number; detail?: string; step?: TwcardError['step'] },
  ): void;
  insert(card: SimulatedCard): void;
  remove(card: SimulatedCard): void;
  /** Requests stay unanswered until the function that this returns is called. */
  holdPrompts(): () => void;
  /** Ends every connection; the service is back at once. */
  restart(): void;
}

export function createSimulator(options?: {
  /** Of the page that the tokens are for; the page's own by default. */
  origin?: string;
  person?: Partial<SimulatedPerson>;
  /** In the readers at the start; both by default. */
  cards?: SimulatedCard[];
}): Promise<Simulator>;
