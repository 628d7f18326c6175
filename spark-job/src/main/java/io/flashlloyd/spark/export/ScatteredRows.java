package io.flashlloyd.spark.export;

import io.flashlloyd.io.Ids;
import io.flashlloyd.spark.data.PieceShuffle;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
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
            .flatMap(split -> new SplitPieces(splits.open(split), layout, ranges, numbered, read));
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

  /** The pieces of one split; few are made at a time. */
  private static final class SplitPieces implements Iterator<Tuple2<Integer, byte[]>> {
    private final AssignedRows rows;
    private final RowPiece.Layout layout;
    private final ClusterRanges ranges;
    private final boolean numbered;
    private final LongAccumulator read;
    private Iterator<Tuple2<Integer, byte[]>> made = Collections.emptyIterator();

    SplitPieces(
        AssignedRows rows,
        RowPiece.Layout layout,
        ClusterRanges ranges,
        boolean numbered,
        LongAccumulator read) {
      this.rows = rows;
      this.layout = layout;
      this.ranges = ranges;
      this.numbered = numbered;
      this.read = read;
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) ended -> close());
    }

    private void close() {
      try {
        rows.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    @Override
    public boolean hasNext() {
      try {
        while (!made.hasNext()) {
          AssignedRows.Portion portion = rows.next();
          if (portion == null) {
            return false;
          }
          read.add(portion.rows());
          Ids ids = numbered ? Ids.rowNumbers(portion.firstRow(), portion.rows()) : portion.ids();
          made = RowPiece.cut(layout, portion, ids, ranges);
        }
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    @Override
    public Tuple2<Integer, byte[]> next() {
      return made.next();
    }
  }
}
