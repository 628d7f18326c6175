package io.flashlloyd.spark.run;

import io.flashlloyd.spark.fit.PassResult;

/** How all rows were assigned. Driver side. */
public final class Assigned {
  private final AssignTask.Result result;
  private final ClusterDistances distances;
  private final NearestRows nearest;

  /**
   * @param distances of all clusters, or null where they were not gathered, as {@code nearest}
   */
  Assigned(AssignTask.Result result, ClusterDistances distances, NearestRows nearest) {
    this.result = result;
    this.distances = distances;
    this.nearest = nearest;
  }

  public PassResult pass() {
    return result.pass();
  }

  /** Rows that are farther from their centroid than their cluster's limit. */
  public long farRows() {
    return result.farRows();
  }

  ClusterDistances distances() {
    return distances;
  }

  NearestRows nearest() {
    return nearest;
  }
}
