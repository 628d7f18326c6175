package io.flashlloyd.spark.export;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.exact.CanonicalDistance;
import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.ElementType;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The rows of one split with their clusters, some at a time. Each row's id and its distance from
 * its centroid are compared with those that its assignment was written with, so that an input that
 * changed since is found. One thread.
 */
final class AssignedRows implements AutoCloseable {
  private static final int MOST_ROWS = 1 << 16;

  private final String name;
  private final Centroids centroids;
  private final DistanceMeasure measure;
  private final BufferAllocator memory = ChunkAllocator.root(Long.MAX_VALUE);
  private ChunkReader vectors;
  private IdReader ids;
  private AssignmentReader assignments;

  private long row;
  private VectorChunk chunk;
  private int taken;

  /**
   * Opens a split.
   *
   * @param file the assignments of its rows, in their order
   * @param centroids that they were assigned to
   */
  AssignedRows(FileSource source, int split, String file, Centroids centroids) throws IOException {
    this.name = file;
    this.centroids = centroids;
    this.measure = source.measure();
    this.row = source.dataset().splits().get(split).firstRow();
    try {
      vectors = source.open(split, null, memory);
      ids = source.openIds(split, memory);
      assignments = AssignmentReader.open(file, source.hadoop());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Consecutive rows, valid until the next are read.
   *
   * @param firstRow global number of the first
   * @param values [ids.rows() x dimension] of {@code type}, row-major, from position 0
   * @param clusters [ids.rows()]
   */
  @SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
  record Portion(
      long firstRow, ByteBuffer values, ElementType type, int dimension, Ids ids, int[] clusters) {
    int rows() {
      return clusters.length;
    }

    boolean namedByText() {
      return ids.type() == IdType.STRING;
    }

    /** A row as float32. */
    void read(int row, float[] vector) {
      if (type == ElementType.FLOAT32) {
        values.position(row * dimension * Float.BYTES).asFloatBuffer().get(vector);
      } else {
        for (int t = 0; t < dimension; t++) {
          vector[t] = type.get(values, row * dimension + t);
        }
      }
    }
  }

  /**
   * The next rows, or null at the end.
   *
   * @throws IllegalArgumentException where the assignments are not of these rows
   */
  Portion next() throws IOException {
    if (chunk == null || taken == chunk.rows()) {
      closeChunk();
      chunk = vectors.next();
      taken = 0;
    }
    if (chunk == null) {
      if (assignments.next(1) != null || ids.next(1) != null) {
        throw mismatch(row, "they go on");
      }
      return null;
    }
    AssignmentReader.Rows assigned = assignments.next(Math.min(MOST_ROWS, chunk.rows() - taken));
    Ids own = assigned == null ? null : ids(assigned.clusters().length);
    if (own == null) {
      throw mismatch(row, "they end");
    }
    Portion portion = portion(own, assigned.clusters());
    check(portion, assigned);
    taken += portion.rows();
    row += portion.rows();
    return portion;
  }

  /** As many ids, or those that are left; null where none are. */
  private Ids ids(int rows) throws IOException {
    Ids some = ids.next(rows);
    while (some != null && some.rows() < rows) {
      Ids more = ids.next(rows - some.rows());
      if (more == null) {
        return some;
      }
      some = some.and(more);
    }
    return some;
  }

  private Portion portion(Ids own, int[] clusters) {
    int rowBytes = chunk.dimension() * chunk.type().bytes();
    ByteBuffer values =
        chunk
            .values()
            .slice(taken * rowBytes, clusters.length * rowBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    return new Portion(row, values, chunk.type(), chunk.dimension(), own, clusters);
  }

  private void check(Portion portion, AssignmentReader.Rows assigned) {
    float[] vector = new float[portion.dimension()];
    for (int i = 0; i < portion.rows(); i++) {
      if (i == portion.ids().rows()) {
        throw mismatch(row + i, "they end");
      }
      if (!portion.ids().same(i, assigned.ids(), i)) {
        throw mismatch(
            row + i,
            "they name it %s, the input %s"
                .formatted(assigned.ids().name(i), portion.ids().name(i)));
      }
      portion.read(i, vector);
      checkDistance(row + i, vector, assigned.clusters()[i], assigned.distances()[i]);
    }
  }

  /** The same bits, since distances are exact (contract section 3): others are another vector's. */
  private void checkDistance(long number, float[] vector, int cluster, float written) {
    double squared =
        CanonicalDistance.squared(
            vector, 0, centroids.values(), cluster * vector.length, vector.length);
    float found = (float) measure.distance(squared);
    if (found != written) {
      throw mismatch(
          number, "its distance from centroid %d is %s, not %s".formatted(cluster, found, written));
    }
  }

  private IllegalArgumentException mismatch(long number, String how) {
    return new IllegalArgumentException(
        "Assignments %s do not fit row %d of the input: %s; if the input changed since, name it"
                .formatted(name, number, how)
            + " with --input, and it is assigned anew");
  }

  private void closeChunk() {
    if (chunk != null) {
      chunk.close();
      chunk = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeChunk();
    ChunkReader openVectors = vectors;
    IdReader openIds = ids;
    try (memory;
        openVectors;
        openIds) {
      if (assignments != null) {
        assignments.close();
      }
    }
  }
}
