package io.flashlloyd.spark.export;

import io.flashlloyd.io.lists.CopyWriter;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.util.LongAccumulator;

/** Writes a split's rows, in their order, as a COPY stream of its own. */
final class CopyTask implements VoidFunction<Integer> {
  private static final long serialVersionUID = 1L;

  private final AssignedSplits splits;
  private final String folder;
  private final LongAccumulator progress;

  CopyTask(AssignedSplits splits, String folder, LongAccumulator progress) {
    this.splits = splits;
    this.folder = folder;
    this.progress = progress;
  }

  /** The file of a split. */
  static String name(int split) {
    return String.format(Locale.ROOT, "part-%06d.copy", split);
  }

  @Override
  public void call(Integer split) throws IOException {
    float[] vector = new float[splits.source().dataset().dimension()];
    try (AssignedRows rows = splits.open(split);
        CopyWriter writer =
            CopyWriter.open(folder + "/" + name(split), splits.source().hadoop(), vector.length)) {
      for (AssignedRows.Portion some = rows.next(); some != null; some = rows.next()) {
        for (int row = 0; row < some.rows(); row++) {
          some.read(row, vector);
          if (splits.namedByText()) {
            writer.add(some.ids().text(row), some.clusters()[row], vector);
          } else {
            writer.add(some.ids().number(row), some.clusters()[row], vector);
          }
        }
        progress.add(some.rows());
      }
      writer.commit();
    }
  }
}
