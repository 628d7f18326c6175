package io.flashlloyd.io.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Walks over a struct in Thrift's compact protocol, which Parquet's footers and page headers are
 * written in. The library's own reader takes up to 100 MB for a text or a list on its length's
 * word; here every length has to fit in the bytes there are.
 *
 * <pre>
 *   struct  (id delta:4 | type:4 [i16 id] value) ... 0
 *   binary  varint length, bytes
 *   list    (size:4 | type:4) or (15 | type:4 varint size), values
 * </pre>
 */
final class ThriftLengths {
  /** Parquet's structs are nested half as deep. */
  private static final int MOST_DEPTH = 32;

  private final ByteBuffer in;

  private ThriftLengths(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Moves a buffer behind the struct that it starts with.
   *
   * @throws BufferUnderflowException where it goes on behind the buffer
   * @throws IllegalArgumentException where it is no struct
   */
  static void skip(ByteBuffer in) {
    new ThriftLengths(in).struct(0);
  }

  private void struct(int depth) {
    if (depth > MOST_DEPTH) {
      throw new IllegalArgumentException(
          "structs are nested more than %d deep".formatted(depth - 1));
    }
    for (int header = in.get() & 0xff; header != 0; header = in.get() & 0xff) {
      if (header >>> 4 == 0) {
        Varints.unsigned(in);
      }
      int type = header & 15;
      if (type > 2) { // a field that is true or false says so by its type
        value(type, depth);
      }
    }
  }

  private void value(int type, int depth) {
    switch (type) {
      case 1, 2, 3 -> skipBytes(1);
      case 4, 5, 6 -> Varints.unsigned(in);
      case 7 -> skipBytes(Double.BYTES);
      case 8 -> skipBytes(Varints.unsigned(in));
      case 9, 10 -> list(depth);
      case 11 -> map(depth);
      case 12 -> struct(depth + 1);
      case 13 -> skipBytes(2 * Long.BYTES);
      default -> throw new IllegalArgumentException("a value has type %d".formatted(type));
    }
  }

  private void list(int depth) {
    int header = in.get() & 0xff;
    long size = header >>> 4 == 15 ? Varints.unsigned(in) : header >>> 4;
    values(size, depth, header & 15);
  }

  private void map(int depth) {
    long size = Varints.unsigned(in);
    if (size != 0) {
      int types = in.get() & 0xff;
      values(size, depth, types >>> 4, types & 15);
    }
  }

  /** Any value has at least one byte, so that a size which lies ends soon. */
  private void values(long size, int depth, int... types) {
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    for (long i = 0; i < size; i++) {
      for (int type : types) {
        value(type, depth);
      }
    }
  }

  private void skipBytes(long count) {
    if (count < 0 || count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + (int) count);
  }
}
