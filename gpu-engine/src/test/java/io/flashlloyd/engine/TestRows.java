package io.flashlloyd.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Random;

/** Builds rows for tests. */
public final class TestRows {
  private TestRows() {}

  /** Float32 rows with these values. */
  public static HostRows floats(float[] values, int dimension) {
    ByteBuffer buffer = direct(values.length * 4L);
    buffer.asFloatBuffer().put(values);
    return new HostRows(buffer, values.length / dimension, dimension, ElementType.FLOAT32);
  }

  /** Random bits of a type that are finite values of moderate size. */
  public static HostRows random(ElementType type, int rows, int dimension, Random random) {
    int count = rows * dimension;
    ByteBuffer buffer = direct((long) count * type.bytes());
    for (int i = 0; i < count; i++) {
      switch (type) {
        case FLOAT32 -> buffer.putFloat(4 * i, (float) random.nextGaussian());
        // Exponents up to 22 of 30: values below 256, subnormals among them.
        case FLOAT16 ->
            buffer.putShort(
                2 * i,
                (short)
                    (random.nextInt(2) << 15 | random.nextInt(23) << 10 | random.nextInt(1024)));
        case UINT8, INT8 -> buffer.put(i, (byte) random.nextInt(256));
      }
    }
    return new HostRows(buffer, rows, dimension, type);
  }

  /** Rows [from, to), in memory of their own. */
  public static HostRows slice(HostRows rows, int from, int to) {
    int[] order = new int[to - from];
    for (int i = 0; i < order.length; i++) {
      order[i] = from + i;
    }
    return gather(rows, order);
  }

  /** The rows in this order, in memory of their own. */
  public static HostRows gather(HostRows rows, int[] order) {
    int rowBytes = rows.dimension() * rows.type().bytes();
    ByteBuffer buffer = direct((long) order.length * rowBytes);
    LongBuffer weights = rows.weights() == null ? null : LongBuffer.allocate(order.length);
    for (int i = 0; i < order.length; i++) {
      buffer.put(i * rowBytes, rows.values(), order[i] * rowBytes, rowBytes);
      if (weights != null) {
        weights.put(i, rows.weight(order[i]));
      }
    }
    return new HostRows(buffer, order.length, rows.dimension(), rows.type(), weights);
  }

  /** The same rows with weights from 0 to {@code max}. */
  public static HostRows weighted(HostRows rows, long max, Random random) {
    LongBuffer weights = LongBuffer.allocate(rows.rows());
    for (int i = 0; i < rows.rows(); i++) {
      weights.put(i, (long) (random.nextDouble() * (max + 1)));
    }
    return new HostRows(rows.values(), rows.rows(), rows.dimension(), rows.type(), weights);
  }

  private static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
