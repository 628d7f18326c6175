package io.flashlloyd.spark.export;

import io.flashlloyd.io.Ids;
import io.flashlloyd.spark.data.PieceShuffle;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * Rows in the order of their lists: tasks cut splits into pieces for ranges of lists, a shuffle
 * takes the pieces to their range, and whoever wants a range gets its rows in order.
 */
final class ScatteredRows implements AutoCloseable {
  private final PieceShuffle shuffle;
  private final RowPiece.Layout layout;
  private final ClusterRanges ranges;

  private ScatteredRows(PieceShuffle shuffle, RowPiece.Layout layout, ClusterRanges ranges) {
    this.shuffle = shuffle;
    this.layout = layout;
    this.ranges = ranges;
  }

  /**
   * Rows that will be read by the job that takes them.
   *
   * @param numbered whether rows are named by their numbers instead of their ids
   * @param line counts the rows that were read
   */
  static ScatteredRows of(
      JavaSparkContext spark,
      AssignedSplits splits,
      ClusterRanges ranges,
      boolean numbered,
      Progress.Stage line) {
    LongAccumulator read = spark.sc().longAccumulator();
    line.watch(spark.sc(), read);
    RowPiece.Layout layout = splits.layout(numbered);
    List<Integer> all = splits.numbers();
    JavaRDD<Tuple2<Integer, byte[]>> pieces =
        spark
            .parallelize(all, all.size())
            .flatMap(
                split ->
                    PieceShuffle.from(
                        new SplitPieces(splits.open(split), layout, ranges, numbered, read)));
    return new ScatteredRows(PieceShuffle.sorted(pieces.rdd(), ranges.count()), layout, ranges);
  }

  /** A partition for each range. */
  JavaRDD<RangeRows> ranges() {
    RowPiece.Layout common = layout;
    int[] starts = ranges.starts();
    return shuffle
        .pieces()
        .mapPartitionsWithIndex(
            (range, pieces) ->
                List.of(new RangeRows(common, starts[range], starts[range + 1], pieces)).iterator(),
            false);
  }

  @Override
  public void close() {
    shuffle.close();
  }

  /**
   * The pieces of one split.
   *
   * @param numbered whether rows are named by their numbers
   */
  private record SplitPieces(
      AssignedRows rows,
      RowPiece.Layout layout,
      ClusterRanges ranges,
      boolean numbered,
      LongAccumulator read)
      implements PieceShuffle.Source {
    @Override
    public Iterator<Tuple2<Integer, byte[]>> next() throws IOException {
      AssignedRows.Portion portion = rows.next();
      if (portion == null) {
        return null;
      }
      read.add(portion.rows());
      Ids ids = numbered ? Ids.rowNumbers(portion.firstRow(), portion.rows()) : portion.ids();
      return RowPiece.cut(layout, portion, ids, ranges);
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
