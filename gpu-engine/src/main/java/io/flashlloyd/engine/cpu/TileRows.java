package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.HostRows;

/** The rows of one tile as float32, decoded once for all that is done with them. One thread's. */
final class TileRows {
  private final RowDecoder decoder;
  private final int stride;
  private final float[] values;
  private int count;

  TileRows(int capacity, int dimension) {
    this.decoder = new RowDecoder(dimension);
    this.stride = RowDecoder.padded(dimension);
    // Vectors are loaded whole where only their first half counts.
    this.values = new float[Math.multiplyExact(capacity + 1, stride)];
  }

  /** Takes rows [from, from + count) of the chunk in. */
  void load(HostRows chunk, int from, int rows) {
    decoder.open(chunk);
    try {
      decoder.decode(from, rows, values);
    } finally {
      decoder.close();
    }
    count = rows;
  }

  /** Takes one more row in, from another tile. */
  void take(TileRows other, int point) {
    System.arraycopy(other.values, other.at(point), values, at(count), stride);
    count++;
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  /** [count x padded dimension]. */
  float[] values() {
    return values;
  }

  /** Where row {@code point} begins in {@link #values}. */
  int at(int point) {
    return point * stride;
  }
}
