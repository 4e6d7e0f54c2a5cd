/** Why something ended where it did: what it means, and what a person can do next. */
export interface ReasonWords {
  /** A part of a sentence, without a full stop. */
  readonly text: string;
  /** One or more whole sentences. */
  readonly next: string;
}

export type Reasons = Readonly<Record<string, ReasonWords>>;
