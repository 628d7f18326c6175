package io.flashlloyd.spark.run;

import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;

/**
 * What a task gathers of its rows for the table of clusters: every distance, by ranges of clusters,
 * and the rows nearest to each centroid. Takes rows from any thread, in any order.
 *
 * <p>Of memory, distances take 64 KiB a range and a 64th of the heap ({@link #LEAST_MEMORY_BYTES}
 * at least), and local disk beyond that, 8 bytes a row; the nearest rows take 104 bytes a cluster
 * (27 MB of 262,144), and their ids where those are texts.
 */
final class ClusterGather implements AutoCloseable {
  static final long LEAST_MEMORY_BYTES = 64L << 20;

  /** Rows that are looked at together: they stay in a core's cache. */
  private static final int PORTION = 1 << 13;

  private final ClusterSlices slices;
  private final DistanceSpool distances;
  private final NearestRows nearest;

  /**
   * [k] Rows beyond are not among the nearest. Written under the lock and read without: it only
   * falls, so that what is read late lets in more rows, which the lock's owner looks at again.
   */
  private final float[] limits;

  /** Of the calling task: closed with it, after what it holds was taken. */
  static ClusterGather ofTask(ClusterSlices slices) {
    long memory = Math.max(LEAST_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / 64);
    ClusterGather gather = new ClusterGather(slices, memory);
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
    this.distances = new DistanceSpool(slices.count(), memoryBytes);
    this.nearest = new NearestRows(0, slices.k());
    this.limits = new float[slices.k()];
    Arrays.fill(limits, Float.POSITIVE_INFINITY);
  }

  /**
   * Takes rows.
   *
   * @param clusters [ids.rows()] from index 0
   * @param from index of their first distance
   */
  void add(Ids ids, IntBuffer clusters, float[] distance, int from) throws IOException {
    for (int first = 0; first < ids.rows(); first += PORTION) {
      add(ids, clusters, distance, from, first, Math.min(first + PORTION, ids.rows()));
    }
  }

  private void add(
      Ids ids, IntBuffer clusters, float[] distance, int from, int firstRow, int endRow)
      throws IOException {
    int[] sliceOf = new int[endRow - firstRow];
    int[] end = new int[slices.count() + 1]; // of each slice's rows, one place on
    int[] near = new int[endRow - firstRow];
    int nears = 0;
    for (int i = firstRow; i < endRow; i++) {
      int cluster = clusters.get(i);
      int slice = slices.of(cluster);
      sliceOf[i - firstRow] = slice;
      end[slice + 1]++;
      near[nears] = i;
      nears += distance[from + i] <= limits[cluster] ? 1 : 0;
    }
    for (int slice = 0; slice < slices.count(); slice++) {
      end[slice + 1] += end[slice];
    }
    long[] bySlice = new long[endRow - firstRow];
    for (int i = firstRow; i < endRow; i++) {
      int at = end[sliceOf[i - firstRow]]++;
      bySlice[at] = DistanceSpool.row(clusters.get(i), distance[from + i]);
    }
    synchronized (this) {
      for (int slice = 0, begin = 0; slice < slices.count(); begin = end[slice++]) {
        distances.add(slice, bySlice, begin, end[slice]);
      }
      for (int n = 0; n < nears; n++) {
        int i = near[n];
        int cluster = clusters.get(i);
        nearest.offer(cluster, distance[from + i], ids, i);
        limits[cluster] = nearest.limit(cluster);
      }
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
