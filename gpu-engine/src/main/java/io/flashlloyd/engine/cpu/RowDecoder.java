package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of any type as float32. The vector loads of JDK 17 are slow off-heap, so a
 * row's bytes are copied to a small heap array first. One thread's; not thread-safe.
 */
final class RowDecoder {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(16 * LANES));

  /** As many bytes as lanes, or 8, of which the first lanes count: no vector is shorter. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * Math.max(8, LANES)));

  private final int dimension;
  private final int padded;
  private final byte[] bytes;
  private final short[] shorts;
  private HostRows rows;
  private ByteBuffer byteView;
  private ShortBuffer shortView;
  private FloatBuffer floatView;

  RowDecoder(int dimension) {
    this.dimension = dimension;
    this.padded = padded(dimension);
    this.bytes = new byte[padded + 8];
    this.shorts = new short[padded];
  }

  /** The dimension rounded up to whole vectors. */
  static int padded(int dimension) {
    return Math.addExact(dimension, 15) & -16;
  }

  /** Takes the rows that decode reads. */
  void open(HostRows chunk) {
    rows = chunk;
    byteView = chunk.values();
    shortView = byteView.asShortBuffer();
    floatView = byteView.asFloatBuffer();
  }

  /** Lets go of the rows. */
  void close() {
    rows = null;
    byteView = null;
    shortView = null;
    floatView = null;
  }

  /** Decodes {@code count} rows to {@code out}, {@link #padded} values apart. */
  void decode(int first, int count, float[] out) {
    if (rows.type() == ElementType.FLOAT32 && padded == dimension) {
      floatView.get(first * dimension, out, 0, count * dimension);
      return;
    }
    for (int row = 0; row < count; row++) {
      decode(first + row, out, row * padded);
    }
  }

  /** Decodes a row to {@code out[to ..]}, {@link #padded} values, zeros behind the row's own. */
  private void decode(int row, float[] out, int to) {
    int from = row * dimension;
    switch (rows.type()) {
      case FLOAT32 -> {
        floatView.get(from, out, to, dimension);
        for (int t = dimension; t < padded; t++) {
          out[to + t] = 0;
        }
      }
      case FLOAT16 -> {
        shortView.get(from, shorts, 0, dimension);
        halves(shorts, padded, out, to);
      }
      case UINT8 -> {
        byteView.get(from, bytes, 0, dimension);
        integers(bytes, padded, 0xff, out, to);
      }
      case INT8 -> {
        byteView.get(from, bytes, 0, dimension);
        integers(bytes, padded, -1, out, to);
      }
    }
  }

  /** Exact for finite values, and rows are finite. */
  private static void halves(short[] in, int count, float[] out, int to) {
    for (int t = 0; t < count; t += LANES) {
      IntVector half =
          (IntVector)
              ShortVector.fromArray(SHORTS, in, t).convertShape(VectorOperators.S2I, INTS, 0);
      IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
      // In float32's fields the exponent is biased by 15, not 127: times 2^112, exact.
      half.and(0x7fff)
          .lanewise(VectorOperators.LSHL, 13)
          .reinterpretAsFloats()
          .mul(0x1p112f)
          .reinterpretAsInts()
          .or(sign)
          .reinterpretAsFloats()
          .intoArray(out, to + t);
    }
  }

  private static void integers(byte[] in, int count, int mask, float[] out, int to) {
    for (int t = 0; t < count; t += LANES) {
      IntVector values =
          (IntVector) ByteVector.fromArray(BYTES, in, t).convertShape(VectorOperators.B2I, INTS, 0);
      FloatVector floats =
          (FloatVector) values.and(mask).convertShape(VectorOperators.I2F, FLOATS, 0);
      floats.intoArray(out, to + t);
    }
  }
}
