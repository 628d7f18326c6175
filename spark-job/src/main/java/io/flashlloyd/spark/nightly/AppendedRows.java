package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.io.IdType;
import io.flashlloyd.spark.report.RowMoves;
import io.flashlloyd.spark.run.Assigned;
import io.flashlloyd.spark.run.ClusterStatistics;
import io.flashlloyd.spark.run.ClusterTable;
import io.flashlloyd.spark.run.RowAssignment;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * New rows beside those of the run before, with the same centroids. The input is either all rows,
 * the known ones unchanged, or new ones only; in the second case the previous run's assignments are
 * copied, and the costs of both are added (each is exact, the sum is rounded once more).
 */
@SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
record AppendedRows(RowMoves moves, long rows, double cost, long[] sizes, List<String> inputs) {
  /**
   * Completes {@code assignments/}, which holds the input's rows, and writes moves and clusters.
   *
   * @param assigned the input's rows
   */
  static AppendedRows write(
      StoredRun previous,
      ClusterStatistics before,
      Assigned assigned,
      SumScale scale,
      List<String> files,
      RunFolder folder,
      JavaSparkContext spark)
      throws IOException {
    PartialSums sums = assigned.pass().sums();
    MovesTable.Counts counts = moves(previous, spark, sums.rows(), folder).write(true, folder);
    check(counts, previous);
    RowMoves seen = counts.moves();
    RowMoves moves = new RowMoves(previous.report().rows(), 0, seen.added(), 0);
    int costShift = scale.costShift();
    double cost = sums.trainingCost(costShift);
    long[] sizes = sums.counts().clone();
    if (seen.kept() > 0) {
      ClusterTable.write(folder, assigned, scale);
      return new AppendedRows(moves, sums.rows(), cost, sizes, files);
    }
    IdType old = MovesTable.idType(previous.assignmentFiles(), spark.hadoopConfiguration());
    IdType now = MovesTable.idType(RowAssignment.files(folder), spark.hadoopConfiguration());
    if (old != now) {
      throw new IllegalArgumentException(
          "Ids are %s (expected %s, as in run %s, which they join)"
              .formatted(MovesTable.name(now), MovesTable.name(old), previous.uri()));
    }
    KeptAssignments.copy(spark, previous, folder);
    double[] costs = ClusterTable.costs(sums, costShift);
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      sizes[cluster] += before.sizes()[cluster];
      costs[cluster] += before.costs()[cluster];
    }
    ClusterTable.writeAll(spark, folder, sizes, costs);
    List<String> inputs = new ArrayList<>(previous.report().inputs());
    inputs.addAll(files);
    return new AppendedRows(
        moves,
        previous.report().rows() + sums.rows(),
        previous.report().trainingCost() + cost,
        sizes,
        inputs);
  }

  private static MovesTable moves(
      StoredRun previous, JavaSparkContext spark, long rows, RunFolder folder) throws IOException {
    long both = previous.report().rows() + rows;
    List<String> assigned = RowAssignment.files(folder);
    return MovesTable.of(spark, previous.assignmentFiles(), assigned, both);
  }

  private static void check(MovesTable.Counts counts, StoredRun previous) {
    RowMoves moves = counts.moves();
    if (moves.kept() + moves.moved() > 0 && moves.gone() > 0) {
      throw new IllegalArgumentException(
          "--append: the input has %d of the %d rows of run %s (expected all of them, or new rows"
                  .formatted(moves.kept() + moves.moved(), previous.report().rows(), previous.uri())
              + " only); leave --append away to assign what is there");
    }
    if (counts.changed() > 0) {
      throw new IllegalArgumentException(
          "--append: %d rows have ids that run %s knows and other vectors (expected them unchanged)"
                  .formatted(counts.changed(), previous.uri())
              + "; leave --append away to assign them anew");
    }
  }

  /**
   * Where rows have drifted there is a fit, and a fit is of all rows.
   *
   * @param rows of the input
   * @param folder has the assignments of the input to the previous centroids
   * @throws IllegalArgumentException where rows of the previous run are not in the input
   */
  static void requireAllRows(
      StoredRun previous,
      JavaSparkContext spark,
      long rows,
      RunFolder folder,
      Decision decision,
      String reason)
      throws IOException {
    long gone = moves(previous, spark, rows, folder).count().moves().gone();
    if (gone > 0) {
      throw new IllegalArgumentException(
          ("--append: %s is called for (%s), which needs all rows, and the input lacks %d of the"
                  + " %d rows of run %s (expected old and new rows in --input; or leave --append"
                  + " away if the rest is gone)")
              .formatted(decision.label(), reason, gone, previous.report().rows(), previous.uri()));
    }
  }

  /** Refuses, before any work, rows that could not be read together with the previous run's. */
  static void checkColumns(StoredRun previous, String column, String idColumn) {
    if (idColumn == null || !idColumn.equals(previous.input().idColumn())) {
      throw new IllegalArgumentException(
          "--append needs ids: --id-column is %s (expected that of run %s, %s)"
              .formatted(idColumn, previous.uri(), previous.input().idColumn()));
    }
    if (!Objects.equals(column, previous.input().column())) {
      throw new IllegalArgumentException(
          "--append: --column is %s (expected %s, as run %s has it)"
              .formatted(column, previous.input().column(), previous.uri()));
    }
  }
}
