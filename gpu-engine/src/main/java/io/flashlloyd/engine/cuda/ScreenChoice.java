package io.flashlloyd.engine.cuda;

/** Which screen the engine uses; all give the same bits. */
public enum ScreenChoice {
  /** The fastest that the device has. */
  BEST,
  /** The one that every card from sm_80 on runs. */
  PORTABLE,
  /** None: every centroid is tried for every row in float64. Slow; a check for the others. */
  NONE
}
