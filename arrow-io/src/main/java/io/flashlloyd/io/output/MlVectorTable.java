package io.flashlloyd.io.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * A folder of Parquet files with a number and a dense vector of Spark ML in each row, as Spark
 * writes them: of type 1, with values in float64 and nothing else.
 */
public final class MlVectorTable {
  /** Values of one file, in bytes. */
  private static final long FILE_BYTES = 32L << 20;

  private static final byte DENSE = 1;
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final CentroidMatrix vectors;
  private final String number;
  private final String vector;
  private final MessageType schema;

  private MlVectorTable(CentroidMatrix vectors, String number, String vector) {
    this.vectors = vectors;
    this.number = number;
    this.vector = vector;
    this.schema =
        Types.buildMessage()
            .required(PrimitiveTypeName.INT32)
            .named(number)
            .optionalGroup()
            .required(PrimitiveTypeName.INT32)
            .as(LogicalTypeAnnotation.intType(8, true))
            .named("type")
            .optional(PrimitiveTypeName.INT32)
            .named("size")
            .list(Repetition.OPTIONAL)
            .requiredElement(PrimitiveTypeName.INT32)
            .named("indices")
            .list(Repetition.OPTIONAL)
            .requiredElement(PrimitiveTypeName.DOUBLE)
            .named("values")
            .named(vector)
            .named("spark_schema");
  }

  /**
   * Writes the folder, files side by side; their names are in the order of the vectors, which are
   * numbered from 0.
   *
   * @param number name of the column of numbers
   * @param vector name of the column of vectors
   * @param properties of each file: what Spark says of its columns
   */
  public static void write(
      String folder,
      CentroidMatrix vectors,
      String number,
      String vector,
      Map<String, String> properties,
      Configuration hadoop)
      throws IOException {
    MlVectorTable table = new MlVectorTable(vectors, number, vector);
    long bytes = (long) Double.BYTES * vectors.k() * vectors.dimension();
    int files = (int) Math.max(1, Math.min(vectors.k(), (bytes + FILE_BYTES - 1) / FILE_BYTES));
    try {
      IntStream.range(0, files)
          .parallel()
          .forEach(file -> table.write(folder, file, files, properties, hadoop));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    try (BesideFile success = new BesideFile(folder + "/_SUCCESS", hadoop)) {
      success.create().close();
      success.commit();
    }
  }

  private void write(
      String folder, int file, int files, Map<String, String> properties, Configuration hadoop) {
    String name = String.format(Locale.ROOT, "%s/part-%05d.snappy.parquet", folder, file);
    try (BesideFile beside = new BesideFile(name, hadoop)) {
      try (ParquetWriter<Integer> writer = open(beside.path(), properties, hadoop)) {
        int end = (int) ((long) vectors.k() * (file + 1) / files);
        for (int i = (int) ((long) vectors.k() * file / files); i < end; i++) {
          writer.write(i);
        }
      }
      beside.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ParquetWriter<Integer> open(
      Path path, Map<String, String> properties, Configuration hadoop) throws IOException {
    return ParquetSink.<Integer>builder(path, schema, this::emit, hadoop)
        .withDictionaryEncoding(false) // few values come twice
        .withExtraMetaData(properties)
        .build();
  }

  private void emit(int index, RecordConsumer out) {
    out.startField(number, 0);
    out.addInteger(index);
    out.endField(number, 0);
    out.startField(vector, 1);
    out.startGroup();
    out.startField("type", 0);
    out.addInteger(DENSE);
    out.endField("type", 0);
    out.startField("values", 3);
    out.startGroup();
    out.startField(LIST, 0);
    for (int t = 0; t < vectors.dimension(); t++) {
      out.startGroup();
      out.startField(ELEMENT, 0);
      out.addDouble(vectors.values()[index * vectors.dimension() + t]);
      out.endField(ELEMENT, 0);
      out.endGroup();
    }
    out.endField(LIST, 0);
    out.endGroup();
    out.endField("values", 3);
    out.endGroup();
    out.endField(vector, 1);
  }
}
