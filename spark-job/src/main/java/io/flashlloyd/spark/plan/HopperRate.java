package io.flashlloyd.spark.plan;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.Engines;

/**
 * One Hopper card (H100, H200), fitted to docs/benchmarks/kernels-h200.csv: every row pays its
 * share of the screen, at what the tensor cores reach for that dimension, and what sort, decision
 * and sums take besides. Within 20 % of every row of that table; a test holds that.
 */
record HopperRate() implements EngineRate {
  /** The screen's operations a second where K is large, by dimension. */
  private static final double[][] SCREEN = {
    {32, 330e12}, {64, 590e12}, {96, 650e12}, {128, 740e12}, {256, 800e12}, {768, 740e12},
  };

  /** Seconds that a float16 row of 128 coordinates takes besides; and more for each centroid. */
  private static final double ROW = 250e-12;

  private static final double ROW_AND_CENTROID = 0.005e-12;

  /** How what a row takes besides grows with the dimension beyond 128, and below. */
  private static final double WIDE_POWER = 1.5;

  private static final double NARROW_POWER = 0.5;

  @Override
  public double seconds(Shape shape) {
    double screen = 2.0 * shape.k() * shape.dimension() / screenRate(shape.dimension());
    double width = shape.dimension() / 128.0;
    double besides = ROW + ROW_AND_CENTROID * shape.k();
    besides *= Math.pow(width, width > 1 ? WIDE_POWER : NARROW_POWER) * typeFactor(shape.type());
    return shape.rows() * (screen + besides);
  }

  /** Between two dimensions in the table, in proportion. */
  private static double screenRate(int dimension) {
    if (dimension <= SCREEN[0][0]) {
      return SCREEN[0][1] * dimension / SCREEN[0][0];
    }
    for (int i = 1; i < SCREEN.length; i++) {
      if (dimension <= SCREEN[i][0]) {
        double share = (dimension - SCREEN[i - 1][0]) / (SCREEN[i][0] - SCREEN[i - 1][0]);
        return SCREEN[i - 1][1] + share * (SCREEN[i][1] - SCREEN[i - 1][1]);
      }
    }
    return SCREEN[SCREEN.length - 1][1];
  }

  /** Float32 is read twice as wide and leaves twice as many rows undecided. */
  private static double typeFactor(ElementType type) {
    return switch (type) {
      case FLOAT16, UINT8, INT8 -> 1;
      case FLOAT32 -> 1.8;
    };
  }

  @Override
  public double residentRowBytes(Shape shape) {
    return Engines.gpuTierRowBytes(shape.type(), shape.dimension());
  }

  @Override
  public String name() {
    return "Hopper GPU, as measured on an H200";
  }
}
