package io.flashlloyd.engine.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A few hundred points as the screen reads them: relative to a {@link Frame}, in quads of four
 * points, {@code [quad][t][point]}, with their norms. One thread's; reused.
 */
final class PointTile {
  static final int QUAD = 4;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private final int dimension;
  private final float[] quads;
  private final double[] norms;
  private final float[] centred;
  private final float[] centre;
  private final float[] lanes = new float[FLOATS.length()];
  private int points;

  PointTile(int capacity, int dimension) {
    this.dimension = dimension;
    this.quads = new float[Math.multiplyExact(capacity, dimension)];
    this.norms = new double[capacity];
    this.centred = new float[RowDecoder.padded(dimension)];
    this.centre = new float[centred.length];
  }

  /** Fills the tile with these rows, the last quad's rest with zeros. */
  void load(TileRows rows, PackedCentroids packed) {
    Frame frame = packed.frame();
    System.arraycopy(frame.centre(), 0, centre, 0, dimension);
    points = rows.count();
    for (int point = 0; point < points; point++) {
      int at = rows.at(point);
      float square = centre(rows.values(), at, centre, frame.scale(), centred, lanes);
      norms[point] = packed.bound().normAbove(square, dimension);
      intoQuad(centred, dimension, quads, offset(point));
    }
    for (int point = points; point < QUAD * quadCount(); point++) {
      clear(point);
    }
  }

  /** Takes one point of another tile in as point {@code to}; for a tile that is built so. */
  void copy(PointTile other, int from, int to) {
    int in = other.offset(from);
    int out = offset(to);
    for (int t = 0; t < dimension; t++) {
      quads[out + QUAD * t] = other.quads[in + QUAD * t];
    }
    norms[to] = other.norms[from];
    points = to + 1;
  }

  /** Makes a point zero. */
  void clear(int point) {
    int to = offset(point);
    for (int t = 0; t < dimension; t++) {
      quads[to + QUAD * t] = 0;
    }
  }

  private int offset(int point) {
    return point / QUAD * QUAD * dimension + point % QUAD;
  }

  /** Returns the sum of the squares of what it writes. */
  private static float centre(
      float[] x, int from, float[] centre, float scale, float[] out, float[] lanes) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int t = 0; t < out.length; t += FLOATS.length()) {
      FloatVector value =
          FloatVector.fromArray(FLOATS, x, from + t)
              .sub(FloatVector.fromArray(FLOATS, centre, t))
              .mul(scale);
      value.intoArray(out, t);
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

  private static void intoQuad(float[] x, int dimension, float[] quads, int to) {
    for (int t = 0; t < dimension; t++) {
      quads[to + QUAD * t] = x[t];
    }
  }

  int points() {
    return points;
  }

  int quadCount() {
    return (points + QUAD - 1) / QUAD;
  }

  /** [quadCount x dimension x 4]. */
  float[] quads() {
    return quads;
  }

  /** At least the scaled norm of the point relative to the centre; may be infinite or NaN. */
  double norm(int point) {
    return norms[point];
  }
}
