package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/** PLAIN numbers: the page's bytes are the values. */
final class PlainValues implements PageValues {
  private final ByteBuffer page;
  private final int size;
  private int next;

  PlainValues(ByteBuffer page, int size) {
    this.page = page;
    this.next = page.position();
    this.size = size;
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    target.put(at, page, next, count * size);
    next += count * size;
  }
}
