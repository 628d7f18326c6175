package io.flashlloyd.spark.run;

import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.spark.data.SliceReduce;
import java.io.IOException;
import java.nio.IntBuffer;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** Distances of clusters from assignments that were written before, as of a run that is kept. */
final class StoredDistances {
  private static final int PORTION = 1 << 16;

  private StoredDistances() {}

  /** Those of all clusters, read by tasks. */
  static ClusterDistances read(JavaSparkContext spark, List<String> files, ClusterSlices slices) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    ClusterDistances distances = ClusterDistances.none(0, slices.k());
    int tasks = Math.min(files.size(), 4 * spark.defaultParallelism());
    SliceReduce.run(
        spark.parallelize(files, tasks).mapPartitions(some -> pieces(some, slices, hadoop)).rdd(),
        slices,
        (index, slice) -> distances.put(slice.distances()));
    return distances;
  }

  private static Iterator<Tuple2<Integer, byte[]>> pieces(
      Iterator<String> files, ClusterSlices slices, SerializableConfiguration hadoop)
      throws IOException {
    ClusterGather gather = ClusterGather.ofTask(slices);
    while (files.hasNext()) {
      try (AssignmentReader reader = AssignmentReader.open(files.next(), hadoop.value())) {
        for (var rows = reader.next(PORTION); rows != null; rows = reader.next(PORTION)) {
          gather.add(rows.ids(), IntBuffer.wrap(rows.clusters()), rows.distances(), 0);
        }
      }
    }
    return SliceReduce.pieces(new AssignTask.Found(null, gather), slices);
  }
}
