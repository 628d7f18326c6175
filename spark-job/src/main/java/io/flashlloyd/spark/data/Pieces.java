package io.flashlloyd.spark.data;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Takes any number of bytes, in arrays that never grow: what is written is not copied. One thread.
 */
final class Pieces extends OutputStream {
  private static final int FIRST = 1 << 10;
  private static final int LARGEST = 64 << 20;

  private final List<byte[]> full = new ArrayList<>();
  private byte[] last = new byte[FIRST];
  private int used;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    int at = from;
    while (at < from + count) {
      if (used == last.length) {
        full.add(last);
        last = new byte[Math.min(2 * last.length, LARGEST)];
        used = 0;
      }
      int some = Math.min(from + count - at, last.length - used);
      System.arraycopy(bytes, at, last, used, some);
      used += some;
      at += some;
    }
  }

  byte[][] toArrays() {
    byte[][] arrays = full.toArray(new byte[full.size() + 1][]);
    arrays[full.size()] = used == last.length ? last : Arrays.copyOf(last, used);
    return arrays;
  }

  /**
   * All of it, where it fits an array.
   *
   * @throws ArithmeticException where it does not
   */
  byte[] toArray() {
    long bytes = used + full.stream().mapToLong(piece -> piece.length).sum();
    byte[] all = new byte[Math.toIntExact(bytes)];
    int at = 0;
    for (byte[] piece : full) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    System.arraycopy(last, 0, all, at, used);
    return all;
  }

  static InputStream in(byte[][] pieces) {
    List<InputStream> streams = new ArrayList<>();
    for (byte[] piece : pieces) {
      streams.add(new ByteArrayInputStream(piece));
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
