package io.flashlloyd.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * 4 points x 2 vectors in 8 accumulators: for machines with 16 vector registers (AVX2).
 */
final class NarrowTileKernel implements TileKernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final int PANEL = 2 * LANES;
  private static final int POINTS = 4;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int vectors() {
    return 2;
  }

  @Override
  public void accumulate(
      float[] points,
      int point,
      int stride,
      int quadCount,
      float[] packed,
      int packedFrom,
      int steps,
      float[] start,
      int startFrom,
      boolean perPoint,
      float[] scores) {
    int pointStride = perPoint ? PANEL : 0;
    for (int q = 0; q < quadCount; q++) {
      int from = startFrom + q * POINTS * pointStride;
      int to = q * POINTS * PANEL;
      int x = point + q * POINTS * stride;
      accumulateQuad(
          points, x, stride, packed, packedFrom, steps, start, from, pointStride, scores, to);
    }
  }

  private static void accumulateQuad(
      float[] points,
      int x0,
      int stride,
      float[] packed,
      int packedFrom,
      int steps,
      float[] start,
      int from0,
      int pointStride,
      float[] scores,
      int to) {
    int x1 = x0 + stride;
    int x2 = x1 + stride;
    int x3 = x2 + stride;
    int from1 = from0 + pointStride;
    int from2 = from1 + pointStride;
    int from3 = from2 + pointStride;
    FloatVector s00 = FloatVector.fromArray(FLOATS, start, from0);
    FloatVector s01 = FloatVector.fromArray(FLOATS, start, from0 + LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, start, from1);
    FloatVector s11 = FloatVector.fromArray(FLOATS, start, from1 + LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, start, from2);
    FloatVector s21 = FloatVector.fromArray(FLOATS, start, from2 + LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, start, from3);
    FloatVector s31 = FloatVector.fromArray(FLOATS, start, from3 + LANES);
    for (int t = 0; t < steps; t++) {
      int c = packedFrom + PANEL * t;
      FloatVector c0 = FloatVector.fromArray(FLOATS, packed, c);
      FloatVector c1 = FloatVector.fromArray(FLOATS, packed, c + LANES);
      FloatVector b = FloatVector.broadcast(FLOATS, points[x0 + t]);
      s00 = b.fma(c0, s00);
      s01 = b.fma(c1, s01);
      b = FloatVector.broadcast(FLOATS, points[x1 + t]);
      s10 = b.fma(c0, s10);
      s11 = b.fma(c1, s11);
      b = FloatVector.broadcast(FLOATS, points[x2 + t]);
      s20 = b.fma(c0, s20);
      s21 = b.fma(c1, s21);
      b = FloatVector.broadcast(FLOATS, points[x3 + t]);
      s30 = b.fma(c0, s30);
      s31 = b.fma(c1, s31);
    }
    s00.intoArray(scores, to);
    s01.intoArray(scores, to + LANES);
    s10.intoArray(scores, to + 2 * LANES);
    s11.intoArray(scores, to + 3 * LANES);
    s20.intoArray(scores, to + 4 * LANES);
    s21.intoArray(scores, to + 5 * LANES);
    s30.intoArray(scores, to + 6 * LANES);
    s31.intoArray(scores, to + 7 * LANES);
  }

  @Override
  public void keep(float[] scores, int points, int firstVector, int[] best, int[] second) {
    for (int point = 0; point < points; point++) {
      keepPoint(scores, point * PANEL, firstVector, best, second, point * LANES);
    }
  }

  private static void keepPoint(
      float[] scores, int from, int vector, int[] best, int[] second, int to) {
    IntVector high = IntVector.fromArray(INTS, best, to);
    IntVector low = IntVector.fromArray(INTS, second, to);
    IntVector k0 = key(scores, from, vector);
    low = low.max(k0.min(high));
    high = high.max(k0);
    IntVector k1 = key(scores, from + LANES, vector + 1);
    low = low.max(k1.min(high));
    high = high.max(k1);
    high.intoArray(best, to);
    low.intoArray(second, to);
  }

  private static IntVector key(float[] scores, int from, int vector) {
    return FloatVector.fromArray(FLOATS, scores, from)
        .reinterpretAsInts()
        .and(ScoreKey.MASK)
        .or(vector);
  }
}
