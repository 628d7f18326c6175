package io.flashlloyd.engine.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A few hundred points as the screen reads them: relative to a {@link Frame}, with their norms, in
 * whole quads. One thread's; reused.
 */
final class PointTile {
  /** Points that a register tile takes. */
  static final int QUAD = 4;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private final int dimension;
  private final int stride;
  private final float[] values;
  private final double[] norms;
  private final float[] centre;
  private final float[] lanes = new float[FLOATS.length()];
  private int points;

  PointTile(int capacity, int dimension) {
    this.dimension = dimension;
    this.stride = RowDecoder.padded(dimension);
    this.values = new float[Math.multiplyExact(capacity, stride)];
    this.norms = new double[capacity];
    this.centre = new float[stride];
  }

  /** Fills the tile with these rows, the last quad's rest with zeros. */
  void load(TileRows rows, PackedCentroids packed) {
    Frame frame = packed.frame();
    System.arraycopy(frame.centre(), 0, centre, 0, dimension);
    points = rows.count();
    for (int point = 0; point < points; point++) {
      float square =
          centre(
              rows.values(), rows.at(point), centre, frame.scale(), values, point * stride, lanes);
      norms[point] = packed.bound().normAbove(square, dimension);
    }
    clearRest();
  }

  /** Takes one point of another tile in as point {@code to}; for a tile that is built so. */
  void copy(PointTile other, int from, int to) {
    System.arraycopy(other.values, from * stride, values, to * stride, stride);
    norms[to] = other.norms[from];
    points = to + 1;
  }

  /** Makes what the last quad has beyond the points zero. */
  void clearRest() {
    Arrays.fill(values, points * stride, QUAD * quadCount() * stride, 0);
  }

  /** Returns the sum of the squares of what it writes. */
  private static float centre(
      float[] x, int from, float[] centre, float scale, float[] out, int to, float[] lanes) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int t = 0; t < centre.length; t += FLOATS.length()) {
      FloatVector value =
          FloatVector.fromArray(FLOATS, x, from + t)
              .sub(FloatVector.fromArray(FLOATS, centre, t))
              .mul(scale);
      value.intoArray(out, to + t);
      sum = value.fma(value, sum);
    }
    sum.intoArray(lanes, 0);
    return total(lanes);
  }

  /** In pairs; a vector's own sum is one chain of additions. */
  private static float total(float[] lanes) {
    for (int half = lanes.length / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }

  int points() {
    return points;
  }

  int quadCount() {
    return (points + QUAD - 1) / QUAD;
  }

  /** [4 * quadCount x stride], zeros behind a point's own coordinates. */
  float[] values() {
    return values;
  }

  /** From one point to the next. */
  int stride() {
    return stride;
  }

  /** [points] what {@link #norm} gives. */
  double[] norms() {
    return norms;
  }

  /** At least the scaled norm of the point relative to the centre; may be infinite or NaN. */
  double norm(int point) {
    return norms[point];
  }
}
