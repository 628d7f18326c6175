package io.flashlloyd.spark.export;

import io.flashlloyd.io.Ids;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.lists.PartitionTable;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code partitions.lance}, where this build has Lance. Its library writes to a local disk; the
 * folder is copied from there, as it knows other file systems than Hadoop does. Driver side: a row
 * is 12 bytes.
 */
final class LanceTable {
  private static final String NAME = "partitions.lance";
  private static final int PORTION = 1 << 16;

  private LanceTable() {}

  static void write(AssignedSplits splits, String folder, Progress progress) throws IOException {
    Optional<PartitionTable> writer = PartitionTable.find();
    if (writer.isEmpty()) {
      progress.message(
          NAME + " is left out: this build has no Lance (build with `mvn -Plance package`)");
      return;
    }
    Configuration hadoop = splits.source().hadoop();
    java.nio.file.Path local = Files.createTempDirectory("flashlloyd-lance");
    try {
      try (Rows rows = new Rows(splits)) {
        writer.get().write(local.resolve(NAME), rows);
      }
      FileSystem files = new Path(folder).getFileSystem(hadoop);
      files.copyFromLocalFile(new Path(local.resolve(NAME).toUri()), new Path(folder, NAME));
    } finally {
      FileUtils.deleteDirectory(local.toFile());
    }
  }

  /** The rows of all splits; a row without an integer id has its number. */
  private static final class Rows implements PartitionTable.Source, AutoCloseable {
    private final Configuration hadoop;
    private final boolean numbered;
    private final Iterator<String> files;
    private AssignmentReader open;
    private long row;

    Rows(AssignedSplits splits) {
      this.hadoop = splits.source().hadoop();
      this.numbered = splits.namedByText();
      this.files = splits.assignments().iterator();
    }

    @Override
    public AssignmentReader.Rows next() throws IOException {
      AssignmentReader.Rows rows = open == null ? null : open.next(PORTION);
      while (rows == null && files.hasNext()) {
        close();
        open = AssignmentReader.open(files.next(), hadoop);
        rows = open.next(PORTION);
      }
      if (rows == null || !numbered) {
        return rows;
      }
      Ids numbers = Ids.rowNumbers(row, rows.clusters().length);
      row += rows.clusters().length;
      return new AssignmentReader.Rows(numbers, rows.clusters(), rows.distances());
    }

    @Override
    public void close() throws IOException {
      if (open != null) {
        open.close();
        open = null;
      }
    }
  }
}
