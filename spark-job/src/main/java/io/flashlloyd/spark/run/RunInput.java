package io.flashlloyd.spark.run;

import static org.apache.spark.sql.functions.col;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorReaders;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.spark.data.TableColumns;
import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.report.Awaited;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a command reads: files, or the rows of a table. A run goes through its rows several times
 * and reads vectors, ids and weights apart, which must be in one order then; a table has none. So
 * the columns of a table are copied once, to files in a hidden folder of the output, where every
 * executor can read; they go when the run ends.
 */
public final class RunInput {
  private static final Pattern ROW = Pattern.compile("(\\S+\\.parquet), row (\\d+)");

  private final SparkSession spark;
  private final InputSpec spec;
  private final TableSpec table;
  private final boolean ordered;

  /** What is done with the rows while they are there. */
  public interface Work<T> {
    T run(VectorDataset dataset, Optional<TableSpec> table) throws IOException;
  }

  private RunInput(SparkSession spark, InputSpec spec, TableSpec table, boolean ordered) {
    this.spark = spark;
    this.spec = spec;
    this.table = table;
    this.ordered = ordered;
  }

  /** Files. */
  public static RunInput files(SparkSession spark, InputSpec spec) {
    return new RunInput(spark, spec, null, false);
  }

  /**
   * The rows of a table.
   *
   * @param columns names them; its URIs say nothing
   */
  public static RunInput table(SparkSession spark, TableSpec table, InputSpec columns) {
    return new RunInput(spark, columns, table, false);
  }

  /** The same with rows in the order of their ids, for results that depend on an order. */
  public RunInput inOrder() {
    return new RunInput(spark, spec, table, true);
  }

  /**
   * Opens the input for some work.
   *
   * @param output the folder that the work writes
   */
  public <T> T read(String output, Progress progress, Work<T> work) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    if (table == null) {
      return work.run(VectorDataset.open(spec, hadoop), Optional.empty());
    }
    Path place = new Path(RunFolder.qualified(output, hadoop));
    FileSystem files = place.getFileSystem(hadoop);
    boolean found = files.exists(place);
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    Path copy = new Path(place, CommittedFolder.HOME + id);
    try {
      TableSpec pinned = table.pinned(spark);
      progress.message("reading " + pinned);
      new Place(place, hadoop).make(copy);
      Owner.write(files, new Path(copy, Owner.NAME));
      return copied(pinned, new Path(copy, "rows"), progress, work);
    } finally {
      files.delete(copy, true);
      if (!found && files.exists(place) && files.listStatus(place).length == 0) {
        files.delete(place, false);
      }
    }
  }

  private <T> T copied(TableSpec pinned, Path folder, Progress progress, Work<T> work)
      throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Progress.Stage line = progress.stage("copy", -1)) {
      Dataset<Row> rows =
          TableColumns.select(
              rows(pinned, progress),
              spec.column(),
              spec.idColumn(),
              spec.weightColumn(),
              pinned.toString());
      (ordered && spec.idColumn() != null ? rows.sort(col(TableColumns.ID)) : rows)
          .write()
          .option("compression", "uncompressed") // they are gone soon
          .option("parquet.enable.dictionary", "false")
          .parquet(folder.toString());
      line.done();
    }
    InputSpec copy =
        new InputSpec(
            List.of(folder.toString()),
            VectorFormat.PARQUET,
            TableColumns.VECTOR,
            spec.idColumn() == null ? null : TableColumns.ID,
            false,
            spec.chunkBytes(),
            spec.weightColumn() == null ? null : TableColumns.WEIGHT);
    try {
      VectorDataset dataset = VectorDataset.open(copy, hadoop);
      return work.run(dataset.knownAs(pinned.toString(), spec), Optional.of(pinned));
    } catch (Exception e) { // Spark's are checked, and not declared
      VectorInputException bad = ExceptionUtils.throwableOfType(e, VectorInputException.class);
      if (bad != null && bad.getMessage().contains(folder.getName())) {
        throw new VectorInputException(ofTable(bad.getMessage(), pinned, folder, copy), e);
      }
      throw e;
    }
  }

  private Dataset<Row> rows(TableSpec pinned, Progress progress) throws IOException {
    return pinned.isDatabase()
        ? Awaited.by(progress).answer(pinned.toString(), () -> pinned.rows(spark))
        : pinned.rows(spark);
  }

  /** Where a message has a file of the copy, the user has a table and ids. */
  private String ofTable(String message, TableSpec pinned, Path folder, InputSpec copy)
      throws IOException {
    Matcher row = ROW.matcher(message);
    if (!row.find()) {
      return message.replace(folder.toString(), pinned.toString());
    }
    String place =
        spec.idColumn() == null
            ? pinned.toString()
            : "%s, %s %s"
                .formatted(
                    pinned, spec.idColumn(), id(row.group(1), Long.parseLong(row.group(2)), copy));
    return message.substring(0, row.start()) + place + message.substring(row.end());
  }

  private String id(String uri, long row, InputSpec copy) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    InputSpec file =
        new InputSpec(
            List.of(uri), copy.format(), copy.column(), copy.idColumn(), copy.chunkBytes());
    VectorDataset dataset = VectorDataset.open(file, hadoop);
    try (BufferAllocator memory = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (VectorSplit split : dataset.splits()) {
        if (row < split.firstRow() + split.rows()) {
          return id(VectorReaders.openIds(dataset, split, hadoop, memory), row - split.firstRow());
        }
      }
    }
    return "of row " + row;
  }

  private static String id(IdReader reader, long row) throws IOException {
    try (reader) {
      long left = row;
      for (Ids ids = reader.next(1 << 16); ids != null; ids = reader.next(1 << 16)) {
        if (left < ids.rows()) {
          int at = (int) left;
          return ids.type() == IdType.STRING ? ids.text(at) : Long.toString(ids.number(at));
        }
        left -= ids.rows();
      }
      return "of row " + row;
    }
  }
}
