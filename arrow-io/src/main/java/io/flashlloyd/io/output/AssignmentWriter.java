package io.flashlloyd.io.output;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Assignments to one Parquet file: {@code id} (the id column's type, or int64 row numbers),
 * {@code cluster} int32, {@code distance} float32, none of them nullable.
 *
 * <p>The file is written beside its place. {@link #commit()} puts it there; close() without commit
 * leaves nothing behind. One thread.
 */
public final class AssignmentWriter implements AutoCloseable {
  private final BesideFile file;
  private final ParquetWriter<Row> writer;
  private final IdType idType;
  private final Row row = new Row();
  private boolean closed;

  private AssignmentWriter(BesideFile file, ParquetWriter<Row> writer, IdType idType) {
    this.file = file;
    this.writer = writer;
    this.idType = idType;
  }

  /** Starts a file that will be {@code uri}. */
  public static AssignmentWriter open(String uri, Configuration hadoop, IdType idType)
      throws IOException {
    BesideFile file = new BesideFile(uri, hadoop);
    ParquetWriter<Row> writer = ParquetSink.open(file.path(), schema(idType), Row::emit, hadoop);
    return new AssignmentWriter(file, writer, idType);
  }

  /**
   * Appends rows that are named by their numbers.
   *
   * @param clusters [rows] from index 0
   * @param distances [rows] from index 0, Euclidean
   */
  public void write(long firstRowNumber, IntBuffer clusters, FloatBuffer distances, int rows)
      throws IOException {
    if (idType != IdType.ROW_NUMBER) {
      throw new IllegalStateException(
          "Assignments have ids of type %s (expected them, not row numbers)".formatted(idType));
    }
    row.text = null;
    for (int i = 0; i < rows; i++) {
      row.number = firstRowNumber + i;
      write(clusters.get(i), distances.get(i));
    }
  }

  /**
   * Appends rows that are named by ids.
   *
   * @param clusters [ids.rows()] from index 0
   * @param distances [ids.rows()] from index 0, Euclidean
   */
  public void write(Ids ids, IntBuffer clusters, FloatBuffer distances) throws IOException {
    boolean texts = ids.type() == IdType.STRING;
    if (texts != (idType == IdType.STRING)) {
      throw new IllegalArgumentException(
          "Ids are of type %s (expected %s)".formatted(ids.type(), idType));
    }
    for (int i = 0; i < ids.rows(); i++) {
      if (texts) {
        row.text = ids.text(i);
      } else {
        row.number = ids.number(i);
      }
      write(clusters.get(i), distances.get(i));
    }
  }

  private void write(int cluster, float distance) throws IOException {
    row.wide = idType != IdType.INT32;
    row.cluster = cluster;
    row.distance = distance;
    writer.write(row);
  }

  /** Finishes the file and puts it in its place, over an older one. */
  public void commit() throws IOException {
    closeWriter();
    file.commit();
  }

  @Override
  public void close() throws IOException {
    try {
      closeWriter();
    } finally {
      file.close();
    }
  }

  private void closeWriter() throws IOException {
    if (!closed) {
      closed = true;
      writer.close();
    }
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

  /** One row, reused, so that writing allocates nothing per row. */
  private static final class Row {
    private boolean wide;
    private long number;
    private String text;
    private int cluster;
    private float distance;

    void emit(RecordConsumer consumer) {
      consumer.startField("id", 0);
      if (text != null) {
        consumer.addBinary(Binary.fromString(text));
      } else if (wide) {
        consumer.addLong(number);
      } else {
        consumer.addInteger(Math.toIntExact(number));
      }
      consumer.endField("id", 0);
      consumer.startField("cluster", 1);
      consumer.addInteger(cluster);
      consumer.endField("cluster", 1);
      consumer.startField("distance", 2);
      consumer.addFloat(distance);
      consumer.endField("distance", 2);
    }
  }
}
