package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.data.Shared;
import java.io.Serializable;

/**
 * A pass's plan as its tasks get it: centroids are shared by themselves, since an iteration's are
 * the next one's previous ones, which executors have already.
 *
 * @param previous null where there were none
 */
public record SharedPlan(
    Shared<Centroids> centroids, Shared<Centroids> previous, SumScale scale, Sums sums)
    implements Serializable {
  /** The plan; to be called once in a task. */
  PassPlan value() {
    return new PassPlan(centroids.value(), previous == null ? null : previous.value(), scale, sums);
  }
}
