package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.exact.UnitVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * A small random data set of any magnitudes, and a few rows that are far out, by seed. Some far
 * rows have a centroid to themselves, others end in a cluster of the rest.
 *
 * @param far the last rows, so many
 */
public record OddData(String name, HostRows rows, int far, Centroids centroids) {
  private static final int LOWEST = -149;

  /** Data drawn by a seed. */
  public static OddData of(long seed) {
    // Seeds in a row give alike first numbers.
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    ElementType type =
        random.nextInt(4) > 0 ? ElementType.FLOAT32 : ElementType.values()[random.nextInt(4)];
    int plain = 1 + random.nextInt(100);
    int far = random.nextInt(6);
    int dimension = 1 + random.nextInt(5);
    boolean unit = type == ElementType.FLOAT32 && random.nextInt(6) == 0;
    float[] values = new float[(plain + far) * dimension];
    plain(values, plain * dimension, dimension, random);
    far(values, plain * dimension, random);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < plain + far; row++) {
      put(bytes, type, unit, values, row * dimension, dimension, random);
    }
    LongBuffer weights = random.nextInt(3) > 0 ? null : weights(plain + far, random);
    HostRows rows = new HostRows(bytes, plain + far, dimension, type, weights);
    String name =
        "seed %d: %d + %d rows x %d %s%s%s"
            .formatted(
                seed,
                plain,
                far,
                dimension,
                type,
                unit ? ", of length 1" : "",
                weights == null ? "" : ", weighted");
    return new OddData(name, rows, far, centroids(rows, plain, random));
  }

  /** Around a few centres of one magnitude, or of many; columns may be mostly zero. */
  private static void plain(float[] values, int end, int dimension, Random random) {
    int spread = random.nextInt(3) == 0 ? random.nextInt(277) : random.nextInt(8);
    int top = LOWEST + spread + random.nextInt(128 - LOWEST - spread);
    double zeros = random.nextInt(3) == 0 ? random.nextDouble() : 0;
    int centres = 1 + random.nextInt(5);
    float[] centre = new float[centres * dimension];
    for (int i = 0; i < centre.length; i++) {
      centre[i] = (float) random.nextGaussian();
    }
    for (int row = 0; row < end; row += dimension) {
      int at = random.nextInt(centres) * dimension;
      // A row's values are of one magnitude, or each of its own.
      int exponent = top - random.nextInt(spread + 1);
      boolean same = random.nextBoolean();
      for (int t = 0; t < dimension && row + t < end; t++) {
        double value = centre[at + t] + random.nextGaussian() / 16;
        int own = same ? exponent : top - random.nextInt(spread + 1);
        values[row + t] = random.nextDouble() < zeros ? 0 : finite(value / 4, own);
      }
    }
  }

  private static void far(float[] values, int from, Random random) {
    for (int i = from; i < values.length; i++) {
      int exponent =
          random.nextInt(4) == 0 ? LOWEST + random.nextInt(277) : 60 + random.nextInt(68);
      values[i] =
          switch (random.nextInt(6)) {
            case 0 -> from == 0 ? 0 : values[random.nextInt(from)];
            case 1 -> random.nextBoolean() ? Float.MAX_VALUE : -Float.MAX_VALUE;
            default -> finite(random.nextGaussian(), exponent);
          };
    }
  }

  private static float finite(double value, int exponent) {
    float x = (float) Math.scalb(value, exponent);
    return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, x));
  }

  private static void put(
      ByteBuffer to,
      ElementType type,
      boolean unit,
      float[] values,
      int from,
      int dimension,
      Random random) {
    float[] row = Arrays.copyOfRange(values, from, from + dimension);
    if (unit) {
      double[] wide = new double[dimension];
      for (int t = 0; t < dimension; t++) {
        wide[t] = row[t];
      }
      if (!UnitVector.scale(wide, row, 0)) {
        row[0] = 1;
      }
    }
    for (int t = 0; t < dimension; t++) {
      int i = from + t;
      switch (type) {
        case FLOAT32 -> to.putFloat(4 * i, row[t]);
        case FLOAT16 ->
            to.putShort(2 * i, (short) (random.nextInt(2) << 15 | random.nextInt(0x7c00)));
        case UINT8, INT8 -> to.put(i, (byte) random.nextInt(256));
      }
    }
  }

  private static LongBuffer weights(int rows, Random random) {
    int bits = 1 + random.nextInt(50);
    LongBuffer weights = LongBuffer.allocate(rows);
    for (int row = 0; row < rows; row++) {
      weights.put(row, random.nextInt(8) == 0 ? 0 : 1 + (random.nextLong() >>> 64 - bits));
    }
    return weights;
  }

  /** Some rows, far ones among them. */
  private static Centroids centroids(HostRows rows, int plain, Random random) {
    int own = 1 + random.nextInt(4);
    int[] chosen = new int[own + rows.rows()];
    int k = 0;
    for (; k < own; k++) {
      chosen[k] = random.nextInt(plain);
    }
    for (int row = plain; row < rows.rows(); row++) {
      if (random.nextInt(3) > 0) {
        chosen[k++] = row;
      }
    }
    float[] values = new float[k * rows.dimension()];
    for (int cluster = 0; cluster < k; cluster++) {
      for (int t = 0; t < rows.dimension(); t++) {
        values[cluster * rows.dimension() + t] = rows.get(chosen[cluster], t);
      }
    }
    return new Centroids(values, k, rows.dimension());
  }

  /** The data without the rows that are far out. */
  public OddData plain() {
    HostRows kept = TestRows.slice(rows, 0, rows.rows() - far);
    return new OddData(name + ", without those far out", kept, 0, centroids);
  }

  /** A first iteration over all rows. */
  public PassPlan plan() {
    RowStatistics statistics = new RowStatistics(rows.dimension());
    statistics.add(rows);
    return PassPlan.lloyd(centroids, null, SumScale.of(statistics));
  }
}
