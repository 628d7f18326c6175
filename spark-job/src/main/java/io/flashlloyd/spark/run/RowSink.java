package io.flashlloyd.spark.run;

import io.flashlloyd.engine.RowOutputs;
import java.io.IOException;

/** Takes what a pass found for each row, unit by unit, in row order. Used by the task's thread. */
public interface RowSink {
  /** Before the first rows of a unit. */
  default void open(int unit) throws IOException {}

  /** The unit's next rows; {@code outputs} has them from index 0. */
  void write(RowOutputs outputs, int rows) throws IOException;

  /** After the last rows of a unit. */
  default void commit() throws IOException {}
}
