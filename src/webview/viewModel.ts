import type {
  HostMessage,
  LeftOut,
  MeterReading,
  TurnMark,
  ViewReceipt,
  ViewState,
  ViewTurn,
} from '../protocol/chat';

type ReturnedPrompt = Extract<HostMessage, { type: 'prompts-return' }>['prompts'][number];
type Rejection = Omit<Extract<HostMessage, { type: 'turn-rejected' }>, 'type' | 'n'>;

/** A prompt on its way to the host: shown at once, until the host's own turn of that id takes its place. */
export interface PendingPrompt {
  readonly turnId: string;
  readonly text: string;
}

export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** What the session's turns mean to the next request. */
export interface TurnMarks {
  readonly byId: Readonly<Record<string, TurnMark>>;
  /** Goes for all turns before this one. */
  readonly unread?: {
    readonly before: string;
    readonly leftOut: LeftOut;
    /** Of those among them for which a summary stands. */
    readonly summarised: LeftOut;
  };
}

/** All that the view shows, but for the draft and the scroll position. */
export interface ViewModel {
  /** Undefined until the first snapshot. */
  readonly state: ViewState | undefined;
  readonly pending: readonly PendingPrompt[];
  /** What the model thought aloud before or while it wrote a message: turn id -> message index -> text. */
  readonly reasoning: Readonly<Record<string, Readonly<Record<number, string>>>>;
  readonly rejection: Rejection | undefined;
  /** What of the session waited when the window closed, until it was sent or taken out of the composer. */
  readonly returned: readonly ReturnedPrompt[];
  readonly notices: readonly Notice[];
  /** The turn before which a page was asked for. */
  readonly loadingBefore: string | undefined;
  /** Turns before this one were shown before the last snapshot, and are to be read again. */
  readonly staleBefore: string | undefined;
  /** The turn to scroll to, once it is loaded. */
  readonly reveal: string | undefined;
  /** Counts the times that the host asked for the composer's focus. */
  readonly focusRequests: number;
  /** An earlier prompt that is to be edited in the composer; another object each time. */
  readonly edit: { readonly text: string } | undefined;
  /** What was last sent from elsewhere, until the composer has let go of it. */
  readonly sentElsewhere: { readonly sessionId: string; readonly text: string } | undefined;
  /** As last measured, of the session that is shown. */
  readonly reading: MeterReading | undefined;
  readonly marks: TurnMarks;
  /** Of the open ones, by turn; `missing`: it cannot be told. */
  readonly receipts: Readonly<Record<string, ViewReceipt | 'missing'>>;
  /** What was last told of the context and dismissed: see `contextNote`. */
  readonly dismissed: string | undefined;
}

export const emptyViewModel: ViewModel = {
  state: undefined,
  pending: [],
  reasoning: {},
  rejection: undefined,
  returned: [],
  notices: [],
  loadingBefore: undefined,
  staleBefore: undefined,
  reveal: undefined,
  focusRequests: 0,
  edit: undefined,
  sentElsewhere: undefined,
  reading: undefined,
  marks: { byId: {} },
  receipts: {},
  dismissed: undefined,
};

export const isActive = (turn: ViewTurn): boolean => turn.status === 'running' || turn.status === 'queued';

export const runningTurn = (model: ViewModel): ViewTurn | undefined =>
  model.state?.turns.find((turn) => turn.status === 'running' && !turn.elsewhere);
