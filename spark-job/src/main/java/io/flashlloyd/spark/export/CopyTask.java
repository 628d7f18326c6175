package io.flashlloyd.spark.export;

import io.flashlloyd.io.CopyWriter;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.util.LongAccumulator;

/** Writes a unit's rows, in their order, as a COPY stream of its own. */
final class CopyTask implements VoidFunction<Integer> {
  private static final long serialVersionUID = 1L;

  private final AssignedUnits units;
  private final String folder;
  private final LongAccumulator progress;

  CopyTask(AssignedUnits units, String folder, LongAccumulator progress) {
    this.units = units;
    this.folder = folder;
    this.progress = progress;
  }

  /** The file of a unit. */
  static String name(int unit) {
    return String.format(Locale.ROOT, "part-%06d.copy", unit);
  }

  @Override
  public void call(Integer unit) throws IOException {
    int dimension = units.source().dataset().dimension();
    try (AssignedRows rows = units.open(unit);
        CopyWriter writer =
            CopyWriter.open(folder + "/" + name(unit), units.source().hadoop(), dimension)) {
      while (rows.next()) {
        if (rows.namedByText()) {
          writer.add(rows.text(), rows.cluster(), rows.vector());
        } else {
          writer.add(rows.number(), rows.cluster(), rows.vector());
        }
        progress.add(1);
      }
      writer.commit();
    }
  }
}
