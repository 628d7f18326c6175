package io.flashlloyd.io.output;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Assignments to one Parquet file: {@code id} (the id column's type, or int64 row numbers),
 * {@code cluster} int32, {@code distance} float32, none of them nullable. Columns are encoded from
 * arrays, a page at a time.
 *
 * <p>The file is written beside its place. {@link #commit()} puts it there; close() without commit
 * leaves nothing behind. One thread.
 */
public final class AssignmentWriter implements AutoCloseable {
  /** Rows of a page: what a reader decodes at once. */
  private static final int PAGE_ROWS = 1 << 15;

  private static final PrimitiveType CLUSTER =
      Types.required(PrimitiveTypeName.INT32).named("cluster");
  private static final PrimitiveType DISTANCE =
      Types.required(PrimitiveTypeName.FLOAT).named("distance");

  private final ColumnFile file;
  private final IdType idType;
  private final IdPage ids;
  private final int[] clusters = new int[PAGE_ROWS];
  private final float[] distances = new float[PAGE_ROWS];
  private int filled;

  private AssignmentWriter(ColumnFile file, IdType idType) {
    this.file = file;
    this.idType = idType;
    this.ids = new IdPage(idType, PAGE_ROWS);
  }

  /** Starts a file that will be {@code uri}. */
  public static AssignmentWriter open(String uri, Configuration hadoop, IdType idType)
      throws IOException {
    MessageType schema = new MessageType("assignments", IdPage.column(idType), CLUSTER, DISTANCE);
    return new AssignmentWriter(new ColumnFile(uri, schema, hadoop), idType);
  }

  /**
   * Appends rows.
   *
   * @param newClusters [newIds.rows()] from index 0
   * @param newDistances [newIds.rows()] from index 0, Euclidean or cosine, not NaN
   */
  public void write(Ids newIds, IntBuffer newClusters, FloatBuffer newDistances)
      throws IOException {
    if ((newIds.type() == IdType.STRING) != (idType == IdType.STRING)) {
      throw new IllegalArgumentException(
          "Ids are of type %s (expected %s)".formatted(newIds.type(), idType));
    }
    for (int done = 0; done < newIds.rows(); ) {
      int now = Math.min(PAGE_ROWS - filled, newIds.rows() - done);
      newClusters.get(done, clusters, filled, now);
      newDistances.get(done, distances, filled, now);
      ids.set(filled, newIds, done, now);
      filled += now;
      done += now;
      if (filled == PAGE_ROWS) {
        writePage();
      }
    }
  }

  private void writePage() throws IOException {
    if (filled > 0) {
      file.add(
          List.of(
              ids.take(filled),
              ColumnPage.ints(CLUSTER, clusters, filled),
              ColumnPage.floats(DISTANCE, distances, filled)));
      filled = 0;
    }
  }

  /** Finishes the file and puts it in its place, over an older one. */
  public void commit() throws IOException {
    writePage();
    file.commit();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
