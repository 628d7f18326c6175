package io.flashlloyd.engine.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Canonical distances, eight (row, centroid) pairs at a time. Each distance is one chain of fused
 * multiply-adds in the order of the coordinates, by contract; eight independent chains keep the
 * multipliers busy while each waits for itself. The differences, which have no order, are taken by
 * vectors. One thread's; not thread-safe.
 */
final class PairDistances {
  static final int PAIRS = 8;

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = DOUBLES.length();
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private final int dimension;
  private final double[] differences;
  private final double[] distances = new double[PAIRS];

  PairDistances(int dimension) {
    this.dimension = dimension;
    this.differences = new double[Math.multiplyExact(PAIRS, dimension)];
  }

  /** Sets pair {@code pair} to x[xFrom ..] and c[cFrom ..]. */
  void set(int pair, float[] x, int xFrom, float[] c, int cFrom) {
    subtract(x, xFrom, c, cFrom, differences, pair * dimension, dimension);
  }

  private static void subtract(
      float[] x, int xFrom, float[] c, int cFrom, double[] out, int to, int dimension) {
    int t = 0;
    // The first half of each load is used: a conversion of the second is a slow shuffle.
    int end = Math.min(x.length - xFrom, c.length - cFrom) - FLOATS.length();
    end = Math.min(end, dimension - LANES);
    for (; t <= end; t += LANES) {
      wide(x, xFrom + t).sub(wide(c, cFrom + t)).intoArray(out, to + t);
    }
    for (; t < dimension; t++) {
      out[to + t] = (double) x[xFrom + t] - (double) c[cFrom + t];
    }
  }

  private static DoubleVector wide(float[] x, int from) {
    FloatVector narrow = FloatVector.fromArray(FLOATS, x, from);
    return (DoubleVector) narrow.convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  /** The canonical distance of each pair, [8], valid until the next call; unset pairs hold junk. */
  double[] compute() {
    chains(differences, dimension, distances);
    return distances;
  }

  private static void chains(double[] d, int n, double[] out) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    for (int t = 0; t < n; t++) {
      s0 = Math.fma(d[t], d[t], s0);
      s1 = Math.fma(d[n + t], d[n + t], s1);
      s2 = Math.fma(d[2 * n + t], d[2 * n + t], s2);
      s3 = Math.fma(d[3 * n + t], d[3 * n + t], s3);
      s4 = Math.fma(d[4 * n + t], d[4 * n + t], s4);
      s5 = Math.fma(d[5 * n + t], d[5 * n + t], s5);
      s6 = Math.fma(d[6 * n + t], d[6 * n + t], s6);
      s7 = Math.fma(d[7 * n + t], d[7 * n + t], s7);
    }
    out[0] = s0;
    out[1] = s1;
    out[2] = s2;
    out[3] = s3;
    out[4] = s4;
    out[5] = s5;
    out[6] = s6;
    out[7] = s7;
  }
}
