/** A wish for hardware, and what became of it. */
export interface Settled<Asked extends string, Used extends string> {
  readonly asked: Asked;
  readonly used: Used;
  /** One line: why something else is used. Null when nothing was refused. */
  readonly problem: string | null;
}
