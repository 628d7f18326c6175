package io.flashlloyd.spark.nightly;

/** What a night's job does. */
public enum Decision {
  /** Rows are assigned to the clusters as they are. */
  SKIP("skip"),
  /** New rows are assigned to the clusters as they are, and join the previous run's. */
  APPEND("append"),
  /** Lloyd iterations from the previous centroids. */
  WARM_START("warm-start"),
  /** A fit from scratch; its clusters are matched with the previous ones. */
  RE_INIT("re-init");

  private final String label;

  Decision(String label) {
    this.label = label;
  }

  /** As reports name it. */
  public String label() {
    return label;
  }

  /**
   * Decides.
   *
   * @param sameK whether as many clusters are wanted as there are
   * @param reinitFactor how many thresholds a measure may be off before old centroids are no start
   */
  public static Decision of(
      Drift drift, boolean sameK, boolean force, boolean append, double reinitFactor) {
    if (!sameK || drift.exceeds(reinitFactor)) {
      return RE_INIT;
    }
    if (drift.drifted() || force) {
      return WARM_START;
    }
    return append ? APPEND : SKIP;
  }
}
