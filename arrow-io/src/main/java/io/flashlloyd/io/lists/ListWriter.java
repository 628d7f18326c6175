package io.flashlloyd.io.lists;

import io.flashlloyd.io.VectorFormat;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * Lists of rows to the files of a vector store, in one go from the first list to the last: no list
 * and no file need fit in memory, and nothing is written but at the end of a file. Lists come in
 * the order of their clusters, empty ones too, and each is as long as it was announced.
 *
 * <p>Files are written beside their places. {@link #commit()} puts them there; close() without it
 * leaves none that is not whole. One thread.
 */
public final class ListWriter implements AutoCloseable {
  private final ListLayout layout;
  private final ClusterLists lists;
  private final int end;
  private int next;
  private long missing;
  private boolean open;

  private ListWriter(ListLayout layout, ClusterLists lists, int first, int end) {
    this.layout = layout;
    this.lists = lists;
    this.next = first;
    this.end = end;
  }

  /** FAISS's IndexIVFFlat in one file, that {@code faiss.read_index} opens. */
  public static ListWriter faissIvfFlat(String uri, ClusterLists lists, Configuration hadoop)
      throws IOException {
    return new ListWriter(new FaissIvfFlat(uri, lists, hadoop), lists, 0, lists.k());
  }

  /**
   * {@code vectors.EXT} in the order of clusters, {@code ids.npy} and {@code offsets.npy}.
   *
   * @param format NPY, FVECS or FBIN
   */
  public static ListWriter flat(
      VectorFormat format, String folder, ClusterLists lists, Configuration hadoop)
      throws IOException {
    return switch (format) {
      case NPY, FVECS, FBIN ->
          new ListWriter(new FlatLists(format, folder, lists, hadoop), lists, 0, lists.k());
      default ->
          throw new IllegalArgumentException(
              "Lists cannot be written as %s (expected npy, fvecs or fbin)"
                  .formatted(format.optionName()));
    };
  }

  /**
   * DiskANN's partition files of lists {@code first} to {@code end} (exclusive).
   *
   * @param prefix a path, to which the files' names are appended
   */
  public static ListWriter diskAnn(
      String prefix, ClusterLists lists, int first, int end, Configuration hadoop) {
    return new ListWriter(new DiskAnnShards(prefix, lists, hadoop), lists, first, end);
  }

  /**
   * {@code cluster} int32, {@code id} and {@code vector} (list of float32) of lists {@code first}
   * to {@code end} (exclusive) in one Parquet file.
   *
   * @param texts whether rows are named by texts, else by numbers
   */
  public static ListWriter parquet(
      String uri, ClusterLists lists, int first, int end, boolean texts, Configuration hadoop)
      throws IOException {
    ListLayout layout = new ParquetLists(uri, lists.dimension(), texts, hadoop);
    return new ListWriter(layout, lists, first, end);
  }

  /**
   * Appends a row to its list, after ending the lists before it.
   *
   * @param values the row's float32 coordinates, little-endian, at {@code from}; the caller's again
   *     after the call
   * @throws IllegalStateException where the list is over, or a list before it is not whole
   */
  public void add(int cluster, long id, byte[] values, int from) throws IOException {
    advance(cluster);
    layout.add(id, values, from);
  }

  /** The same, where a row is named by a text: in {@link #parquet} only. */
  public void add(int cluster, String id, byte[] values, int from) throws IOException {
    advance(cluster);
    layout.add(id, values, from);
  }

  /** A row of this list comes. */
  private void advance(int cluster) throws IOException {
    if (!open || cluster != next - 1) {
      if (cluster < next || cluster >= end) {
        throw new IllegalStateException(
            "A row of list %d came when list %d was due (expected lists in order, up to %d)"
                .formatted(cluster, next, end - 1));
      }
      while (next <= cluster) {
        endList();
        beginList();
      }
    }
    if (missing == 0) {
      throw new IllegalStateException(
          "List %d has more rows than the %d announced; were the assignments changed meanwhile?"
              .formatted(cluster, lists.sizes()[cluster]));
    }
    missing--;
  }

  private void beginList() throws IOException {
    layout.begin(next);
    missing = lists.sizes()[next];
    open = true;
    next++;
  }

  private void endList() throws IOException {
    if (open && missing > 0) {
      throw new IllegalStateException(
          "List %d lacks %d of the %d rows announced; were the assignments changed meanwhile?"
              .formatted(next - 1, missing, lists.sizes()[next - 1]));
    }
    if (open) {
      layout.end();
      open = false;
    }
  }

  /**
   * Ends all lists and puts the files in their places.
   *
   * @throws IllegalStateException where a list is not whole
   */
  public void commit() throws IOException {
    while (next < end) {
      endList();
      beginList();
    }
    endList();
    layout.commit();
  }

  @Override
  public void close() throws IOException {
    layout.close();
  }
}
