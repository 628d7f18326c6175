package io.flashlloyd.io.output;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.LogicalTypeAnnotation;
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

  private final ColumnFile file;
  private final IdType idType;
  private final List<PrimitiveType> types;
  private final long[] numbers;
  private final String[] texts;
  private final int[] clusters = new int[PAGE_ROWS];
  private final float[] distances = new float[PAGE_ROWS];
  private int filled;

  private AssignmentWriter(ColumnFile file, MessageType schema, IdType idType) {
    this.file = file;
    this.idType = idType;
    this.types = schema.getFields().stream().map(field -> field.asPrimitiveType()).toList();
    this.numbers = idType == IdType.STRING ? null : new long[PAGE_ROWS];
    this.texts = idType == IdType.STRING ? new String[PAGE_ROWS] : null;
  }

  /** Starts a file that will be {@code uri}. */
  public static AssignmentWriter open(String uri, Configuration hadoop, IdType idType)
      throws IOException {
    MessageType schema = schema(idType);
    return new AssignmentWriter(new ColumnFile(uri, schema, hadoop), schema, idType);
  }

  /**
   * Appends rows.
   *
   * @param newClusters [ids.rows()] from index 0
   * @param newDistances [ids.rows()] from index 0, Euclidean or cosine, not NaN
   */
  public void write(Ids ids, IntBuffer newClusters, FloatBuffer newDistances) throws IOException {
    if ((ids.type() == IdType.STRING) != (idType == IdType.STRING)) {
      throw new IllegalArgumentException(
          "Ids are of type %s (expected %s)".formatted(ids.type(), idType));
    }
    for (int done = 0; done < ids.rows(); ) {
      int now = Math.min(PAGE_ROWS - filled, ids.rows() - done);
      newClusters.get(done, clusters, filled, now);
      newDistances.get(done, distances, filled, now);
      for (int i = 0; i < now; i++) {
        if (texts != null) {
          texts[filled + i] = ids.text(done + i);
        } else {
          numbers[filled + i] = ids.number(done + i);
        }
      }
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
              idPage(),
              ColumnPage.ints(types.get(1), clusters, filled),
              ColumnPage.floats(types.get(2), distances, filled)));
      filled = 0;
    }
  }

  private ColumnPage idPage() {
    PrimitiveType type = types.get(0);
    return switch (idType) {
      case STRING -> ColumnPage.texts(type, texts, filled);
      case ROW_NUMBER, INT64 -> ColumnPage.longs(type, numbers, filled);
      case INT32 -> {
        int[] narrow = new int[filled];
        for (int i = 0; i < filled; i++) {
          narrow[i] = Math.toIntExact(numbers[i]);
        }
        yield ColumnPage.ints(type, narrow, filled);
      }
    };
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

  private static MessageType schema(IdType idType) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    switch (idType) {
      case ROW_NUMBER, INT64 -> schema.required(PrimitiveTypeName.INT64).named("id");
      case INT32 -> schema.required(PrimitiveTypeName.INT32).named("id");
      case STRING ->
          schema
              .required(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named("id");
    }
    return schema
        .required(PrimitiveTypeName.INT32)
        .named("cluster")
        .required(PrimitiveTypeName.FLOAT)
        .named("distance")
        .named("assignments");
  }
}
