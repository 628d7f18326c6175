package io.flashlloyd.engine;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;

/**
 * Large arrays to and from Java serialization, in blocks of bytes: its own way, a value at a time,
 * is several times slower, and sums and centroids travel in every iteration.
 */
final class ArrayBytes {
  private static final int BLOCK = 1 << 16;

  /** Longs that are packed at a time. */
  private static final int LONGS = BLOCK / Long.BYTES;

  private ArrayBytes() {}

  /** Writes whether there is an array, its length and its values, packed. */
  static void write(long[] values, ObjectOutputStream out) throws IOException {
    out.writeInt(values == null ? -1 : values.length);
    if (values == null) {
      return;
    }
    ByteBuffer block = PackedLongs.buffer(Math.min(LONGS, values.length));
    for (int at = 0; at < values.length; at += LONGS) {
      int bytes = PackedLongs.pack(values, at, Math.min(at + LONGS, values.length), block);
      out.writeInt(bytes);
      out.write(block.array(), 0, bytes);
    }
  }

  /** Reads what {@link #write(long[], ObjectOutputStream)} wrote. */
  static long[] readLongs(ObjectInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    long[] values = new long[length];
    ByteBuffer block = PackedLongs.buffer(Math.min(LONGS, length));
    for (int at = 0; at < length; at += LONGS) {
      in.readFully(block.array(), 0, in.readInt());
      PackedLongs.unpack(block, values, at, Math.min(at + LONGS, length));
    }
    return values;
  }

  /** Writes the length and the values. */
  static void write(float[] values, ObjectOutputStream out) throws IOException {
    out.writeInt(values.length);
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    int perBlock = BLOCK / Float.BYTES;
    for (int at = 0; at < values.length; at += perBlock) {
      int count = Math.min(perBlock, values.length - at);
      block.asFloatBuffer().put(values, at, count);
      out.write(block.array(), 0, count * Float.BYTES);
    }
  }

  /** Reads what {@link #write(float[], ObjectOutputStream)} wrote. */
  static float[] readFloats(ObjectInputStream in) throws IOException {
    float[] values = new float[in.readInt()];
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    int perBlock = BLOCK / Float.BYTES;
    for (int at = 0; at < values.length; at += perBlock) {
      int count = Math.min(perBlock, values.length - at);
      in.readFully(block.array(), 0, count * Float.BYTES);
      block.asFloatBuffer().get(values, at, count);
    }
    return values;
  }
}
