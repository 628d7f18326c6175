package io.flashlloyd.spark.run;

import io.flashlloyd.engine.RowOutputs;
import java.io.IOException;

/** Takes what a pass found for each row, split by split, in row order. Of one thread. */
public interface RowSink {
  /** Before the first rows of a split. */
  default void open(int split) throws IOException {}

  /** The split's next rows; {@code outputs} has them from index 0. */
  void write(RowOutputs outputs, int rows) throws IOException;

  /** After the last rows of a split. */
  default void commit() throws IOException {}
}
