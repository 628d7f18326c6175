package io.flashlloyd.engine.cuda;

/** Which rows bounds of the pass before may leave out of the screen; all give the same bits. */
public enum BoundsChoice {
  /** Where that is faster: much work, and few rows open. */
  USE,
  /** None: every row is screened. */
  IGNORE,
  /** Of however little work, as long as few rows are open; a check for the others. */
  SMALL,
  /** Of however little work, however many are open; likewise. */
  ALWAYS
}
