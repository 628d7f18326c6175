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
import org.apache.arrow.memory.BufferAllocator;

/**
 * The rows of one split with their clusters; a cursor. Each row's id and its distance from its
 * centroid are compared with those that its assignment was written with, so that an input that
 * changed since is found. One thread.
 */
final class AssignedRows implements AutoCloseable {
  private static final int PORTION = 8192;

  private final String name;
  private final Centroids centroids;
  private final DistanceMeasure measure;
  private final BufferAllocator memory = ChunkAllocator.root(Long.MAX_VALUE);
  private ChunkReader vectors;
  private IdReader ids;
  private AssignmentReader assignments;

  private long row;
  private VectorChunk chunk;
  private ByteBuffer values;
  private int atInChunk;
  private Ids own;
  private int atOwn;
  private AssignmentReader.Rows assigned;
  private int atAssigned;
  private float[] vector;

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
    this.row = source.dataset().splits().get(split).firstRow() - 1;
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
   * Moves to the next row; false at the end.
   *
   * @throws IllegalArgumentException where the assignments are not of these rows
   */
  boolean next() throws IOException {
    row++;
    boolean more = nextVector();
    boolean id = nextId();
    boolean assignment = nextAssignment();
    if (more != assignment || more != id) {
      throw mismatch(more ? "they end" : "they go on");
    }
    if (more) {
      if (!sameId()) {
        throw mismatch("they name it %s, the input %s".formatted(written(), id()));
      }
      vector = read();
      checkDistance();
    }
    return more;
  }

  /** The same bits, since distances are exact (contract section 3): others are another vector's. */
  private void checkDistance() {
    int dimension = vector.length;
    double squared =
        CanonicalDistance.squared(vector, 0, centroids.values(), cluster() * dimension, dimension);
    float found = (float) measure.distance(squared);
    float written = assigned.distances()[atAssigned];
    if (found != written) {
      throw mismatch(
          "its distance from centroid %d is %s, not %s".formatted(cluster(), found, written));
    }
  }

  private boolean nextVector() throws IOException {
    atInChunk++;
    if (chunk == null || atInChunk == chunk.rows()) {
      closeChunk();
      chunk = vectors.next();
      values = chunk == null ? null : chunk.values();
      atInChunk = 0;
    }
    return chunk != null;
  }

  private boolean nextId() throws IOException {
    atOwn++;
    if (own == null || atOwn == own.rows()) {
      own = ids.next(PORTION);
      atOwn = 0;
    }
    return own != null;
  }

  private boolean nextAssignment() throws IOException {
    atAssigned++;
    if (assigned == null || atAssigned == assigned.clusters().length) {
      assigned = assignments.next(PORTION);
      atAssigned = 0;
    }
    return assigned != null;
  }

  private boolean sameId() {
    boolean text = namedByText();
    if (text != (assigned.ids().type() == IdType.STRING)) {
      return false;
    }
    return text
        ? own.text(atOwn).equals(assigned.ids().text(atAssigned))
        : own.number(atOwn) == assigned.ids().number(atAssigned);
  }

  private IllegalArgumentException mismatch(String how) {
    return new IllegalArgumentException(
        "Assignments %s do not fit row %d of the input: %s; if the input changed since, name it"
                .formatted(name, row, how)
            + " with --input, and it is assigned anew");
  }

  /** The row's global number. */
  long row() {
    return row;
  }

  int cluster() {
    return assigned.clusters()[atAssigned];
  }

  /** Whether the row's id is {@link #text()}; else it is {@link #number()}. */
  boolean namedByText() {
    return own.type() == IdType.STRING;
  }

  long number() {
    return own.number(atOwn);
  }

  String text() {
    return own.text(atOwn);
  }

  private String id() {
    return namedByText() ? text() : Long.toString(number());
  }

  private String written() {
    Ids written = assigned.ids();
    return written.type() == IdType.STRING
        ? written.text(atAssigned)
        : Long.toString(written.number(atAssigned));
  }

  /** The row as float32; an array of its own. */
  float[] vector() {
    return vector;
  }

  private float[] read() {
    int dimension = chunk.dimension();
    float[] row = new float[dimension];
    if (chunk.type() == ElementType.FLOAT32) {
      values.position(atInChunk * dimension * Float.BYTES).asFloatBuffer().get(row);
    } else {
      for (int t = 0; t < dimension; t++) {
        row[t] = chunk.type().get(values, atInChunk * dimension + t);
      }
    }
    return row;
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
