package io.flashlloyd.spark.run;

import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;

/**
 * What a task gathers of its rows for the table of clusters: every distance, by ranges of clusters,
 * and the rows nearest to each centroid. Takes rows from any thread, in any order.
 *
 * <p>Of memory, distances take 64 KiB a range and {@link #MEMORY_BYTES} more, and
 * local disk beyond that, 8 bytes a row; the nearest rows take 100 bytes a cluster (26 MB of
 * 262,144), and their ids where those are texts.
 */
final class ClusterGather implements AutoCloseable {
  static final long MEMORY_BYTES = 64L << 20;

  private final ClusterSlices slices;
  private final DistanceSpool distances;
  private final NearestRows nearest;

  /** Of the calling task: closed with it, after what it holds was taken. */
  static ClusterGather ofTask(ClusterSlices slices) {
    ClusterGather gather = new ClusterGather(slices, MEMORY_BYTES);
    TaskContext.get()
        .addTaskCompletionListener(
            ended -> {
              try {
                gather.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
              }
            });
    return gather;
  }

  /**
   * @param memoryBytes of the heap for distances
   */
  ClusterGather(ClusterSlices slices, long memoryBytes) {
    this.slices = slices;
    this.distances = new DistanceSpool(slices, memoryBytes);
    this.nearest = new NearestRows(0, slices.k());
  }

  /**
   * Takes rows.
   *
   * @param clusters [ids.rows()] from index 0
   * @param from index of their first distance
   */
  synchronized void add(Ids ids, IntBuffer clusters, float[] distance, int from)
      throws IOException {
    for (int i = 0; i < ids.rows(); i++) {
      int cluster = clusters.get(i);
      distances.add(cluster, distance[from + i]);
      nearest.offer(cluster, distance[from + i], ids, i);
    }
  }

  /** The distances of a slice's rows, as {@link DistanceSpool} packs them. */
  Stream<long[]> distances(int slice) {
    return distances.blocks(slice);
  }

  NearestRows nearest(int slice) {
    return nearest.slice(slices.first(slice), slices.first(slice + 1));
  }

  @Override
  public void close() throws IOException {
    distances.close();
  }
}
