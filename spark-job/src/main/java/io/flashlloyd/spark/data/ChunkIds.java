package io.flashlloyd.spark.data;

import java.util.function.LongConsumer;

/** The numbers of one unit's chunks in this process. Written by the task that reads the unit. */
final class ChunkIds {
  /** More chunks than any unit has. */
  static final long MOST = 1L << 24;

  private final long first;
  private volatile int count;

  ChunkIds(long first) {
    this.first = first;
  }

  long id(int ordinal) {
    if (ordinal >= MOST) {
      throw new IllegalStateException(
          "A split has more than " + MOST + " chunks; use larger chunks");
    }
    count = Math.max(count, ordinal + 1);
    return first + ordinal;
  }

  void forEach(LongConsumer use) {
    for (int ordinal = 0; ordinal < count; ordinal++) {
      use.accept(first + ordinal);
    }
  }
}
