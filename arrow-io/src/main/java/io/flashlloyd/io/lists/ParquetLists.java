package io.flashlloyd.io.lists;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.output.ColumnFile;
import io.flashlloyd.io.output.ColumnPage;
import io.flashlloyd.io.output.IdPage;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Lists one after the other in a Parquet file: {@code cluster}, {@code id}, {@code vector}. */
final class ParquetLists implements ListLayout {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int MOST_PAGE_ROWS = 1 << 15;

  private static final PrimitiveType CLUSTER =
      Types.required(PrimitiveTypeName.INT32).named("cluster");
  private static final PrimitiveType COORDINATE =
      Types.required(PrimitiveTypeName.FLOAT).named("element");

  /** A list as Spark has it, and {@code centroids.parquet}. */
  private static final GroupType VECTOR =
      Types.requiredGroup()
          .as(LogicalTypeAnnotation.listType())
          .addField(new GroupType(Repetition.REPEATED, "list", COORDINATE))
          .named("vector");

  private final ColumnFile file;
  private final int dimension;
  private final int pageRows;
  private final BytesInput fullLevels;
  private final int[] clusters;
  private final IdPage ids;
  private byte[] vectors;
  private int cluster;
  private int filled;

  ParquetLists(String uri, int dimension, boolean texts, Configuration hadoop) throws IOException {
    IdType idType = texts ? IdType.STRING : IdType.INT64;
    this.dimension = dimension;
    this.pageRows = Math.max(1, Math.min(PAGE_BYTES / Float.BYTES / dimension, MOST_PAGE_ROWS));
    this.fullLevels = ColumnPage.levels(pageRows, dimension);
    this.clusters = new int[pageRows];
    this.ids = new IdPage(idType, pageRows);
    this.vectors = new byte[pageRows * dimension * Float.BYTES];
    MessageType schema = new MessageType("lists", CLUSTER, IdPage.column(idType), VECTOR);
    this.file = new ColumnFile(uri, schema, hadoop);
  }

  @Override
  public void begin(int next) {
    cluster = next;
  }

  @Override
  public void add(long id, byte[] values, int from) throws IOException {
    ids.set(filled, id);
    add(values, from);
  }

  @Override
  public void add(String id, byte[] values, int from) throws IOException {
    ids.set(filled, id);
    add(values, from);
  }

  private void add(byte[] values, int from) throws IOException {
    clusters[filled] = cluster;
    int bytes = dimension * Float.BYTES;
    System.arraycopy(values, from, vectors, filled * bytes, bytes);
    filled++;
    if (filled == pageRows) {
      writePage(fullLevels);
      vectors = new byte[vectors.length]; // the page has the old one
    }
  }

  private void writePage(BytesInput levels) throws IOException {
    file.add(
        List.of(
            ColumnPage.ints(CLUSTER, clusters, filled),
            ids.take(filled),
            ColumnPage.vectors(COORDINATE, vectors, filled, dimension, levels)));
    filled = 0;
  }

  @Override
  public void end() {}

  @Override
  public void commit() throws IOException {
    if (filled > 0) {
      writePage(ColumnPage.levels(filled, dimension));
    }
    file.commit();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
