package io.flashlloyd.io.lists;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.output.AssignmentWriter;
import io.flashlloyd.io.parquet.ParquetFloats;
import io.flashlloyd.io.parquet.ParquetFormat;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** A file of {@link AssignmentWriter}, read back in its order. One thread. */
public final class AssignmentReader implements AutoCloseable {
  private static final int PORTION = 1 << 16;

  private final IdReader ids;
  private final IdReader clusters;
  private final ParquetFloats distances;

  private AssignmentReader(IdReader ids, IdReader clusters, ParquetFloats distances) {
    this.ids = ids;
    this.clusters = clusters;
    this.distances = distances;
  }

  /**
   * Consecutive rows.
   *
   * @param clusters [ids.rows()]
   * @param distances [ids.rows()]
   */
  @SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
  public record Rows(Ids ids, int[] clusters, float[] distances) {}

  /**
   * Opens a file.
   *
   * @throws VectorInputException where it is none, or lacks the columns
   */
  public static AssignmentReader open(String uri, Configuration hadoop) throws IOException {
    IdReader ids = ParquetFormat.openColumn(uri, "id", hadoop);
    try {
      return withColumns(ids, ParquetFormat.openColumn(uri, "cluster", hadoop), uri, hadoop);
    } catch (IOException e) {
      ids.close();
      throw e;
    }
  }

  private static AssignmentReader withColumns(
      IdReader ids, IdReader clusters, String uri, Configuration hadoop) throws IOException {
    try {
      return new AssignmentReader(ids, clusters, new ParquetFloats(uri, "distance", hadoop));
    } catch (IOException e) {
      clusters.close();
      throw e;
    }
  }

  /**
   * Adds to {@code sizes} how many rows of a file are in each cluster; reads nothing else of it.
   *
   * @throws VectorInputException where a row is in a cluster that has no size
   */
  public static void count(String uri, Configuration hadoop, long[] sizes) throws IOException {
    try (IdReader clusters = ParquetFormat.openColumn(uri, "cluster", hadoop)) {
      for (Ids some = clusters.next(PORTION); some != null; some = clusters.next(PORTION)) {
        for (int i = 0; i < some.rows(); i++) {
          long cluster = some.number(i);
          if (cluster < 0 || cluster >= sizes.length) {
            throw VectorInputException.inFile(
                uri,
                "it has a row in cluster %d (expected 0 to %d); run the command that wrote it again"
                    .formatted(cluster, sizes.length - 1));
          }
          sizes[(int) cluster]++;
        }
      }
    }
  }

  /** The next rows, at least one and at most {@code maxRows}, or null at the end. */
  public Rows next(int maxRows) throws IOException {
    Ids some = ids.next(maxRows);
    if (some == null) {
      return null;
    }
    // All columns end with the same row groups, so they come in the same portions.
    Ids numbers = clusters.next(some.rows());
    int[] portion = new int[some.rows()];
    for (int i = 0; i < portion.length; i++) {
      portion[i] = Math.toIntExact(numbers.number(i));
    }
    return new Rows(some, portion, distances.next(some.rows()));
  }

  @Override
  public void close() throws IOException {
    try (ids) {
      try (clusters) {
        distances.close();
      }
    }
  }
}
