package io.flashlloyd.io;

import java.io.IOException;

/** What each row of a split counts, in row order. One thread at a time. */
public interface WeightReader extends AutoCloseable {
  /**
   * The next weights as the file has them, at least one and at most {@code maxRows}, NaN where one
   * is null; or null at the end of the split.
   */
  double[] next(int maxRows) throws IOException;

  @Override
  void close() throws IOException;
}
