package io.flashlloyd.spark.run;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.io.output.ClusterRow;
import io.flashlloyd.io.output.ClusterRows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * {@code clusters.parquet}: a row for each cluster. Sizes and costs are the pass's exact sums; the
 * distances were gathered on the way.
 */
public final class ClusterTable {
  static final String NAME = "clusters.parquet";

  private ClusterTable() {}

  /** Writes the table and returns the cost of all clusters. */
  public static double write(RunFolder folder, Assigned assigned, SumScale scale)
      throws IOException {
    PartialSums sums = assigned.pass().sums();
    int shift = scale.costShift();
    write(folder, sums.counts(), costs(sums, shift), assigned.distances());
    return sums.trainingCost(shift);
  }

  /** [k] the cost of each cluster. */
  public static double[] costs(PartialSums sums, int costShift) {
    return IntStream.range(0, sums.k())
        .mapToDouble(cluster -> sums.clusterCost(cluster, costShift))
        .toArray();
  }

  /** Writes the table of these sizes and costs, with the distances of all assignment files. */
  public static void writeAll(
      JavaSparkContext spark, RunFolder folder, long[] sizes, double[] costs) throws IOException {
    List<String> files = RowAssignment.files(folder);
    ClusterSlices slices = ClusterSlices.of(sizes.length, Arrays.stream(sizes).sum());
    write(folder, sizes, costs, StoredDistances.read(spark, files, slices));
  }

  private static void write(
      RunFolder folder, long[] sizes, double[] costs, ClusterDistances distances)
      throws IOException {
    ClusterRows.write(
        folder.path(NAME).toString(),
        IntStream.range(0, sizes.length)
            .mapToObj(
                cluster ->
                    new ClusterRow(
                        cluster,
                        sizes[cluster],
                        costs[cluster],
                        ClusterDistances.orNull(distances.p50()[cluster]),
                        ClusterDistances.orNull(distances.p99()[cluster]),
                        ClusterDistances.orNull(distances.max()[cluster])))
            .iterator(),
        folder.files().getConf());
  }
}
