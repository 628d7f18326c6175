package io.flashlloyd.spark.data;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Takes any number of bytes, in arrays that grow up to a bound. One thread. */
final class Pieces extends OutputStream {
  private static final int LARGEST = 64 << 20;

  private final List<byte[]> full = new ArrayList<>();
  private byte[] last = new byte[1 << 12];
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
        grow();
      }
      int some = Math.min(from + count - at, last.length - used);
      System.arraycopy(bytes, at, last, used, some);
      used += some;
      at += some;
    }
  }

  private void grow() {
    if (last.length < LARGEST) {
      last = Arrays.copyOf(last, Math.min(2 * last.length, LARGEST));
    } else {
      full.add(last);
      last = new byte[LARGEST];
      used = 0;
    }
  }

  byte[][] toArrays() {
    byte[][] arrays = full.toArray(new byte[full.size() + 1][]);
    arrays[full.size()] = Arrays.copyOf(last, used);
    return arrays;
  }

  static InputStream in(byte[][] pieces) {
    List<InputStream> streams = new ArrayList<>();
    for (byte[] piece : pieces) {
      streams.add(new ByteArrayInputStream(piece));
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
