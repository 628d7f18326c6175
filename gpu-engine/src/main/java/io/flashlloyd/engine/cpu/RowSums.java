package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.CostSum;
import io.flashlloyd.engine.exact.FixedPoint;
import io.flashlloyd.engine.exact.SumScale;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Adds rows to partial sums. Used by one thread at a time. */
final class RowSums {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final int LANES = DOUBLES.length();
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /**
   * Adding this to a double of magnitude at most 2^51 rounds it to an integer, half to even, which
   * then is the difference of the bit patterns.
   */
  private static final double ROUND = 0x1.8p52;

  private static final long ROUND_BITS = Double.doubleToRawLongBits(ROUND);
  private static final double ROUND_LIMIT = 0x1p51;

  private final PartialSums sums;
  private final SumScale scale;
  private final int dimension;
  private final double[] factors;
  private final double[] negated;
  private final boolean fast;

  RowSums(PassPlan plan) {
    this.sums = PartialSums.zeros(plan);
    this.scale = plan.scale();
    this.dimension = scale.dimension();
    this.factors = new double[dimension];
    this.negated = new double[dimension];
    boolean small = !scale.wide();
    for (int t = 0; t < dimension; t++) {
      factors[t] = Math.scalb(1.0, scale.exponent(t));
      negated[t] = -factors[t];
      small &= scale.maxAbs(t) * factors[t] <= ROUND_LIMIT;
    }
    this.fast = small;
  }

  PartialSums sums() {
    return sums;
  }

  /** Counts a row of {@code cluster} at this canonical distance. */
  void count(int cluster, double distance, long weight) {
    sums.counts()[cluster] += weight;
    CostSum.addDistance(sums.cost(), cluster, distance, weight);
  }

  /** Adds the row x[from ..] to the coordinates of {@code cluster}; below 0 takes it away. */
  void add(float[] x, int from, int cluster, long weight) {
    int to = cluster * dimension;
    if (scale.wide()) {
      for (int t = 0; t < dimension; t++) {
        FixedPoint.addWide(sums.low(), sums.high(), to + t, x[from + t], weight, scale.exponent(t));
      }
    } else if (fast && (weight == 1 || weight == -1)) {
      // Rounding half to even is symmetric: what was added is taken away.
      addOnce(x, from, weight == 1 ? factors : negated, sums.low(), to);
    } else {
      for (int t = 0; t < dimension; t++) {
        sums.low()[to + t] += weight * FixedPoint.quantize(x[from + t], scale.exponent(t));
      }
    }
  }

  private static void addOnce(float[] x, int from, double[] factors, long[] sums, int to) {
    int t = 0;
    // The first half of each load is used: a conversion of the second is a slow shuffle.
    int end = Math.min(factors.length - LANES, x.length - from - FLOATS.length());
    for (; t <= end; t += LANES) {
      DoubleVector value =
          (DoubleVector)
              FloatVector.fromArray(FLOATS, x, from + t)
                  .convertShape(VectorOperators.F2D, DOUBLES, 0);
      LongVector quantized =
          value
              .mul(DoubleVector.fromArray(DOUBLES, factors, t))
              .add(ROUND)
              .reinterpretAsLongs()
              .sub(ROUND_BITS);
      LongVector.fromArray(LONGS, sums, to + t).add(quantized).intoArray(sums, to + t);
    }
    for (; t < factors.length; t++) {
      double rounded = x[from + t] * factors[t] + ROUND;
      sums[to + t] += Double.doubleToRawLongBits(rounded) - ROUND_BITS;
    }
  }
}
