package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/** The values of one page, in order. */
interface PageValues {
  /** Moves the next {@code count} values, little-endian, to byte {@code at} of {@code target}. */
  void copy(ByteBuffer target, int at, int count);
}
