package io.flashlloyd.spark.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What becomes of a cluster that has no rows. */
public enum EmptyCluster {
  /** It keeps its centroid, as in MLlib. */
  KEEP,

  /** It takes half of the cluster that costs most, by the rule of {@link ClusterSplit}. */
  SPLIT;

  /** The name that params and options use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(EmptyCluster::label).toList();
  }

  /** The policy of this name. */
  public static EmptyCluster of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
