package io.flashlloyd.spark.plan;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** The CPU engine of this machine, measured on a small part of the shape. */
final class CpuRate implements EngineRate {
  /** Operations of one measured pass: about a quarter of a second on two cores. */
  private static final double PASS_FLOPS = 6e10;

  private static final int MOST_ROWS = 200_000;

  /** Coordinates of the centroids that are measured with; more clusters take so many times that. */
  private static final int MOST_COORDINATES = 1 << 25;

  /** Coordinates of the rows. */
  private static final int MOST_ROW_COORDINATES = 1 << 27;

  private static final int LEAST_ROWS = 512;

  /** The first are slower: the JIT compiler is still at it. */
  private static final int PASSES = 6;

  private final int threads;

  CpuRate(int threads) {
    this.threads = threads;
  }

  @Override
  public double seconds(Shape shape) {
    int k = Math.max(1, Math.min(shape.k(), MOST_COORDINATES / shape.dimension()));
    double wanted = PASS_FLOPS / (2.0 * k * shape.dimension());
    long rows = (long) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, wanted));
    rows = Math.min(rows, MOST_ROW_COORDINATES / shape.dimension());
    double seconds = measure(new Shape(rows, shape.dimension(), shape.type(), k));
    return seconds / rows * shape.rows() / k * shape.k();
  }

  private double measure(Shape part) {
    HostRows rows = rows(part);
    RowStatistics statistics = new RowStatistics(part.dimension());
    statistics.add(rows);
    SumScale scale = SumScale.of(statistics);
    Centroids centroids = centroids(part);
    double best = Double.POSITIVE_INFINITY;
    try (LloydEngine engine = Engines.open("cpu", threads)) {
      for (int i = 0; i < PASSES; i++) {
        long start = System.nanoTime();
        // No previous centroids: from those the engine would know most rows' centroid unseen.
        try (Pass pass = engine.begin(PassPlan.lloyd(centroids, null, scale))) {
          pass.feed(0, rows, null).join();
          pass.finish();
        }
        best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      }
    }
    return best;
  }

  private static HostRows rows(Shape part) {
    int count = Math.toIntExact(part.rows() * part.dimension());
    ByteBuffer values =
        ByteBuffer.allocateDirect(count * part.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      switch (part.type()) {
        case FLOAT32 -> values.putFloat(4 * i, (float) random.nextDouble() - 0.5f);
        // From 2^-14 to 1 of either sign: finite and no subnormal numbers.
        case FLOAT16 ->
            values.putShort(
                2 * i, (short) (random.nextInt(0x400, 0x3c00) | random.nextInt(2) << 15));
        case UINT8, INT8 -> values.put(i, (byte) random.nextInt());
      }
    }
    return new HostRows(values, (int) part.rows(), part.dimension(), part.type());
  }

  private static Centroids centroids(Shape part) {
    float[] values = new float[Math.multiplyExact(part.k(), part.dimension())];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble() - 0.5f;
    }
    return new Centroids(values, part.k(), part.dimension());
  }

  /** The CPU reads rows where host memory has them. */
  @Override
  public double residentRowBytes(Shape shape) {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String name() {
    return "CPU of this machine, %d threads, measured now".formatted(threads);
  }
}
