package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/** BYTE_STREAM_SPLIT: the first bytes of all values, then all second ones, and so on. */
final class StreamSplitValues implements PageValues {
  private final ByteBuffer page;
  private final int size;
  private final int start;
  private final int count;
  private int taken;

  /**
   * @param page from its position to its end
   * @param size bytes of a value
   */
  StreamSplitValues(ByteBuffer page, int size) {
    this.page = page;
    this.size = size;
    this.start = page.position();
    this.count = page.remaining() / size;
  }

  @Override
  public void copy(ByteBuffer target, int at, int n) {
    if (n > count - taken) {
      throw new IllegalArgumentException(
          "a page has %d values left, %d are needed".formatted(count - taken, n));
    }
    for (int stream = 0; stream < size; stream++) {
      int from = start + stream * count + taken;
      for (int i = 0; i < n; i++) {
        target.put(at + i * size + stream, page.get(from + i));
      }
    }
    taken += n;
  }
}
