package io.flashlloyd.engine.cuda;

/** Which screen the engine uses; all give the same bits. */
public enum ScreenChoice {
  /** The fastest that the device has. */
  BEST,
  /**
   * As {@link #BEST}, but never the one that names each row's nearest centroid: only its group, as
   * where there are many centroids. A check for the other.
   */
  GROUPS,
  /** The one that every card from sm_80 on runs. */
  PORTABLE,
  /** None: every centroid is tried for every row in float64. Slow; a check for the others. */
  NONE
}
