/** The eleven compound classes of RAF-DB; the first seven are those of C-EXPR-DB. */
export const COMPOUND_EXPRESSIONS = [
  'fearfully surprised',
  'happily surprised',
  'sadly surprised',
  'disgustedly surprised',
  'angrily surprised',
  'sadly fearful',
  'sadly angry',
  'happily disgusted',
  'sadly disgusted',
  'fearfully angry',
  'angrily disgusted',
] as const;
export type CompoundExpression = (typeof COMPOUND_EXPRESSIONS)[number];
/** Answer to the compound question: no two expressions are mixed. */
export const NO_COMPOUND = 'none';

/** How strong an expression is said to be: the FACS degrees A..E in words. */
export const DEGREES = ['trace', 'slight', 'marked', 'strong', 'maximal'] as const;
export type Degree = (typeof DEGREES)[number];
/** Answer of a model that does not know. */
export const CANNOT_TELL = 'cannot tell';
