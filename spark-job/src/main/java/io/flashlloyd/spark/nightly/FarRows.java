package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.run.RowSink;

/** Counts rows that are farther from their centroid than a limit of its cluster. */
final class FarRows implements RowSink {
  private final DistanceMeasure measure;
  private final float[] limits;
  private long count;

  /**
   * @param limits [k] distances as assignments have them; compared after the same rounding
   */
  FarRows(DistanceMeasure measure, float[] limits) {
    this.measure = measure;
    this.limits = limits;
  }

  @Override
  public void write(RowOutputs outputs, int rows) {
    for (int row = 0; row < rows; row++) {
      float distance = (float) measure.distance(outputs.distances().get(row));
      count += distance > limits[outputs.assignments().get(row)] ? 1 : 0;
    }
  }

  long count() {
    return count;
  }
}
