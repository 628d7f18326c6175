package io.flashlloyd.io;

import java.io.IOException;

/** The ids of one split's rows, in row order. One thread at a time. */
public interface IdReader extends AutoCloseable {
  /**
   * The next ids, at least one and at most {@code maxRows}, or null at the end of the split.
   *
   * @throws VectorInputException where an id is null
   */
  Ids next(int maxRows) throws IOException;

  @Override
  void close() throws IOException;
}
