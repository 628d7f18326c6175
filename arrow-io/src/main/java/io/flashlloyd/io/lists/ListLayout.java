package io.flashlloyd.io.lists;

import java.io.IOException;

/**
 * How a format lays lists out. {@code ListWriter} sees to it that lists come in order and whole, so
 * that a layout only writes. One thread; close() without commit() leaves nothing.
 */
interface ListLayout extends AutoCloseable {
  /** The next list begins. */
  void begin(int cluster) throws IOException;

  /**
   * The list's next row.
   *
   * @param values its float32 coordinates, little-endian, at {@code from}; the caller's again after
   *     the call
   */
  void add(long id, byte[] values, int from) throws IOException;

  /** The same, where a row is named by a text. */
  default void add(String id, byte[] values, int from) throws IOException {
    throw new UnsupportedOperationException("Row '%s' has no number".formatted(id));
  }

  /** The list is whole. */
  void end() throws IOException;

  /** All lists are whole: puts the files in their places. */
  void commit() throws IOException;

  @Override
  void close() throws IOException;
}
