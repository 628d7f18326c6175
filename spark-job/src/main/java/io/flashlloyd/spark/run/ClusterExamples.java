package io.flashlloyd.spark.run;

import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.Counts;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A few clusters for people to look at: the rows nearest to their centroids, by id. */
final class ClusterExamples {
  private static final int CLUSTERS = 6;

  private ClusterExamples() {}

  /** Where rows have numbers only, which say nothing to people: how to see some. */
  static String unnamed(String output) {
    return ("rows have no names (expected --id-column, to show examples of clusters);"
            + " their numbers and clusters are in %s/assignments")
        .formatted(output);
  }

  /** A line for each of the tightest clusters that are at least of median size. */
  static List<String> of(Assigned assigned) {
    long[] sizes = assigned.pass().sums().counts();
    long least = Math.max(1, ClusterSizes.of(sizes).median());
    float[] p50 = assigned.distances().p50();
    return IntStream.range(0, sizes.length)
        .filter(cluster -> sizes[cluster] >= least)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(cluster -> p50[cluster])
                .thenComparing(Comparator.naturalOrder()))
        .limit(CLUSTERS)
        .map(
            cluster ->
                "cluster %d, %s: %s"
                    .formatted(
                        cluster,
                        Counts.of(sizes[cluster], "row"),
                        String.join(" ", assigned.nearest().ids(cluster))))
        .toList();
  }
}
