package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.FixedPoint;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.IntBuffer;
import java.util.Arrays;

/** The odd values of one chunk, which {@link SumScale} has summed apart, in the rows' order. */
final class OddValues {
  private final SumScale scale;
  private int count;
  private int[] rows = new int[0];
  private int[] columns = new int[0];
  private float[] values = new float[0];
  private long[] weights = new long[0];

  OddValues(HostRows chunk, SumScale scale) {
    this.scale = scale;
    float[] row = new float[chunk.dimension()];
    for (int i = 0; i < chunk.rows(); i++) {
      if (chunk.weight(i) == 0) {
        continue;
      }
      chunk.copyRow(i, row);
      for (int t = 0; t < row.length; t++) {
        if (scale.odd(t, row[t])) {
          add(i, t, row[t], chunk.weight(i));
        }
      }
    }
  }

  private void add(int row, int column, float value, long weight) {
    if (count == rows.length) {
      int room = Math.max(16, 2 * count);
      rows = Arrays.copyOf(rows, room);
      columns = Arrays.copyOf(columns, room);
      values = Arrays.copyOf(values, room);
      weights = Arrays.copyOf(weights, room);
    }
    rows[count] = row;
    columns[count] = column;
    values[count] = value;
    weights[count] = weight;
    count++;
  }

  /** Whose cluster each value belongs to, [values], of all rows' assignments. */
  int[] clusters(IntBuffer assignments) {
    int[] clusters = new int[count];
    for (int i = 0; i < count; i++) {
      clusters[i] = assignments.get(rows[i]);
    }
    return clusters;
  }

  /**
   * Sums these values apart: what they added to the limbs is taken away again.
   *
   * @param clusters [values]
   */
  void moveApart(PartialSums sums, int[] clusters) {
    for (int i = 0; i < count; i++) {
      int t = columns[i];
      int place = clusters[i] * sums.dimension() + t;
      FixedPoint.addWide(sums.low(), sums.high(), place, values[i], -weights[i], scale.exponent(t));
      sums.odd().add(place, values[i], weights[i]);
    }
  }

  boolean areOf(SumScale other) {
    return scale.sameOdd(other);
  }

  int count() {
    return count;
  }
}
