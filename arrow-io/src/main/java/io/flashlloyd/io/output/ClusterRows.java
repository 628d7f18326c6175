package io.flashlloyd.io.output;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * The table of a run's clusters, one Parquet file: {@code cluster} int32, {@code size} int64,
 * {@code cost}, {@code distance_p50}, {@code distance_p99} and {@code distance_max} double, the
 * last three null for a cluster without rows.
 */
public final class ClusterRows {
  private static final String[] DISTANCES = {"distance_p50", "distance_p99", "distance_max"};
  private static final MessageType SCHEMA = schema();

  private ClusterRows() {}

  private static MessageType schema() {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    schema.required(PrimitiveTypeName.INT32).named("cluster");
    schema.required(PrimitiveTypeName.INT64).named("size");
    schema.required(PrimitiveTypeName.DOUBLE).named("cost");
    for (String name : DISTANCES) {
      schema.optional(PrimitiveTypeName.DOUBLE).named(name);
    }
    return schema.named("clusters");
  }

  /** Writes a file that appears when it is whole. */
  public static void write(String uri, Iterator<ClusterRow> rows, Configuration hadoop)
      throws IOException {
    try (BesideFile file = new BesideFile(uri, hadoop)) {
      try (ParquetWriter<ClusterRow> writer =
          ParquetSink.open(file.path(), SCHEMA, ClusterRows::emit, hadoop)) {
        while (rows.hasNext()) {
          writer.write(rows.next());
        }
      }
      file.commit();
    }
  }

  private static void emit(ClusterRow row, RecordConsumer out) {
    out.startField("cluster", 0);
    out.addInteger(row.cluster());
    out.endField("cluster", 0);
    out.startField("size", 1);
    out.addLong(row.size());
    out.endField("size", 1);
    emit("cost", 2, row.cost(), out);
    emit(DISTANCES[0], 3, row.distanceP50(), out);
    emit(DISTANCES[1], 4, row.distanceP99(), out);
    emit(DISTANCES[2], 5, row.distanceMax(), out);
  }

  private static void emit(String name, int index, Double value, RecordConsumer out) {
    if (value != null) {
      out.startField(name, index);
      out.addDouble(value);
      out.endField(name, index);
    }
  }

  /**
   * Reads what {@link #write} wrote, or Spark for a run of an older version; in any order.
   *
   * @throws VectorInputException where it is no such table
   */
  public static void read(String uri, Configuration hadoop, Consumer<ClusterRow> taker)
      throws IOException {
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new Path(uri)).withConf(hadoop).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        taker.accept(
            new ClusterRow(
                row.getInteger("cluster", 0),
                row.getLong("size", 0),
                row.getDouble("cost", 0),
                optional(row, DISTANCES[0]),
                optional(row, DISTANCES[1]),
                optional(row, DISTANCES[2])));
      }
    } catch (RuntimeException e) { // of a damaged file, and of one with other columns
      throw new VectorInputException(
          "%s is no table of clusters (%s); run the command that wrote it again"
              .formatted(uri, e.getMessage()),
          e);
    }
  }

  private static Double optional(Group row, String name) {
    return row.getFieldRepetitionCount(name) == 0 ? null : row.getDouble(name, 0);
  }
}
