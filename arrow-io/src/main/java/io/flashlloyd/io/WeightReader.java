package io.flashlloyd.io;

import java.io.IOException;

/** What each row of a split counts, in row order. One thread at a time. */
public interface WeightReader extends AutoCloseable {
  /**
   * The next weights as the file has them, at least one and at most {@code maxRows}; or null at the
   * end of the split. The first that is null is NaN, which no weight may be; later ones may be
   * anything.
   */
  double[] next(int maxRows) throws IOException;

  @Override
  void close() throws IOException;
}
