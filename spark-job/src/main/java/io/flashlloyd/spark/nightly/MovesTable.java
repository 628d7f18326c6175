package io.flashlloyd.spark.nightly;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.output.MoveTable;
import io.flashlloyd.spark.data.JavaBytes;
import io.flashlloyd.spark.data.PieceShuffle;
import io.flashlloyd.spark.report.RowMoves;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * {@code moves.parquet}, a folder of files: {@code id}, {@code old_cluster}, {@code new_cluster} of
 * every row that is not where it was; null where a row is new or gone. The assignments of both runs
 * meet by hashes of their ids; a file for each partition, sorted by id. What is written depends on
 * nothing but the rows and how many there are.
 */
final class MovesTable {
  static final String NAME = "moves.parquet";

  /** About 50 MB with what finds them. */
  private static final int PARTITION_ROWS = 1 << 20;

  private static final int MOST_PARTITIONS = 4096;
  private static final int PORTION = 1 << 16;

  private final JavaSparkContext spark;
  private final List<String> files;
  private final int before;
  private final long rows;
  private final IdType type;

  /**
   * What became of rows.
   *
   * @param changed kept or moved rows whose cluster or distance is another: with the same
   *     centroids, rows whose vectors are others
   * @param twice an id that names two rows of a run, or null
   */
  record Counts(RowMoves moves, long changed, String twice) implements Serializable {
    static Counts plus(Counts a, Counts b) {
      RowMoves moves =
          new RowMoves(
              a.moves.kept() + b.moves.kept(),
              a.moves.moved() + b.moves.moved(),
              a.moves.added() + b.moves.added(),
              a.moves.gone() + b.moves.gone());
      boolean second = a.twice == null || (b.twice != null && b.twice.compareTo(a.twice) > 0);
      return new Counts(moves, a.changed + b.changed, second ? b.twice : a.twice);
    }
  }

  private MovesTable(
      JavaSparkContext spark, List<String> files, int before, long rows, IdType type) {
    this.spark = spark;
    this.files = files;
    this.before = before;
    this.rows = rows;
    this.type = type;
  }

  /**
   * Of these files of assignments.
   *
   * @param rows of both together
   * @throws IllegalArgumentException where ids are of another type
   */
  static MovesTable of(JavaSparkContext spark, List<String> before, List<String> after, long rows)
      throws IOException {
    IdType old = idType(before, spark.hadoopConfiguration());
    IdType now = idType(after, spark.hadoopConfiguration());
    if ((old == IdType.STRING) != (now == IdType.STRING)) {
      throw new IllegalArgumentException(
          "Ids are %s (expected %s, as in the previous run)".formatted(name(now), name(old)));
    }
    List<String> files = new ArrayList<>(before);
    files.addAll(after);
    return new MovesTable(spark, files, before.size(), rows, old == now ? old : IdType.INT64);
  }

  /** The type of the ids in files of assignments. */
  static IdType idType(List<String> files, Configuration hadoop) throws IOException {
    try (AssignmentReader first = AssignmentReader.open(files.get(0), hadoop)) {
      return first.next(1).ids().type();
    }
  }

  /** As Spark names it. */
  static String name(IdType type) {
    return switch (type) {
      case STRING -> "string";
      case INT32 -> "int";
      case INT64, ROW_NUMBER -> "bigint";
    };
  }

  /** Counts, and writes nothing. */
  Counts count() {
    return run(null, false);
  }

  /**
   * Writes the table.
   *
   * @param addedOnly whether to leave out rows that the run before had
   * @throws IllegalArgumentException where an id names two rows of one run
   */
  Counts write(boolean addedOnly, RunFolder folder) {
    Counts counts = run(folder.path(NAME).toString(), addedOnly);
    if (counts.twice() != null) {
      throw new IllegalArgumentException(
          "Id '%s' names more than one row of a run (expected an id column that names each once)"
              .formatted(counts.twice()));
    }
    return counts;
  }

  private Counts run(String folder, boolean addedOnly) {
    long wanted = (rows + PARTITION_ROWS - 1) / PARTITION_ROWS;
    int partitions = (int) Math.max(1, Math.min(MOST_PARTITIONS, wanted));
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    List<String> all = files;
    int old = before;
    IdType common = type;
    JavaRDD<Tuple2<Integer, byte[]>> pieces =
        spark
            .parallelize(IntStream.range(0, all.size()).boxed().toList(), all.size())
            .flatMap(
                file ->
                    PieceShuffle.from(
                        new FilePieces(
                            AssignmentReader.open(all.get(file), hadoop.value()),
                            file < old ? 0 : 1,
                            partitions)));
    try (PieceShuffle shuffle = PieceShuffle.of(pieces.rdd(), partitions)) {
      return shuffle
          .pieces()
          .mapPartitionsWithIndex(
              (partition, some) -> {
                Counts counts = join(partition, some, common, folder, addedOnly, hadoop.value());
                return List.of(JavaBytes.of(counts)).iterator();
              },
              false)
          .collect()
          .stream()
          .map(JavaBytes::<Counts>read)
          .reduce(Counts::plus)
          .orElseThrow();
    }
  }

  /** The pieces of one file. */
  private record FilePieces(AssignmentReader reader, int side, int partitions)
      implements PieceShuffle.Source {
    @Override
    public Iterator<Tuple2<Integer, byte[]>> next() throws IOException {
      AssignmentReader.Rows rows = reader.next(PORTION);
      return rows == null ? null : AssignedIds.cut(rows, side, partitions);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private static Counts join(
      int partition,
      Iterator<byte[]> pieces,
      IdType type,
      String folder,
      boolean addedOnly,
      Configuration hadoop)
      throws IOException {
    List<byte[]> all = new ArrayList<>();
    pieces.forEachRemaining(all::add);
    MovedRows moved =
        new MovedRows(AssignedIds.joined(all, 0, type), AssignedIds.joined(all, 1, type));
    if (folder != null) {
      String file = String.format(Locale.ROOT, "%s/part-%05d.parquet", folder, partition);
      MoveTable.write(file, type, moved.moves(addedOnly), hadoop);
    }
    return moved.counts();
  }
}
