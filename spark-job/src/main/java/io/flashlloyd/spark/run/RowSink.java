package io.flashlloyd.spark.run;

import io.flashlloyd.engine.RowOutputs;
import java.io.IOException;

/** Takes what a pass found for each row, split by split. */
public interface RowSink {
  /** A split begins; called by one thread, while earlier splits may still be written. */
  Split open(int split);

  /** The rows of one split, in their order. Used by one thread at a time, not always the same. */
  interface Split {
    /** The next rows; {@code outputs} has them from index 0. */
    void write(RowOutputs outputs, int rows) throws IOException;

    /** After the last rows. */
    void commit() throws IOException;
  }
}
