package io.flashlloyd.io.output;

import io.flashlloyd.io.CentroidMatrix;
import io.flashlloyd.io.VectorFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Centroids to files. */
public final class CentroidOutput {
  private static final int NPY_ALIGNMENT = 64;

  private CentroidOutput() {}

  public static void write(
      VectorFormat format, String uri, CentroidMatrix centroids, Configuration hadoop)
      throws IOException {
    switch (format) {
      case NPY, FVECS, FBIN, PARQUET -> {}
      default ->
          throw new IllegalArgumentException(
              "Centroids cannot be written as %s (expected npy, fvecs, fbin or parquet)"
                  .formatted(format.optionName()));
    }
    try (BesideFile file = new BesideFile(uri, hadoop)) {
      if (format == VectorFormat.PARQUET) {
        writeParquet(file, centroids, hadoop);
      } else {
        try (OutputStream out = file.create()) {
          writeFlat(format, centroids, out);
        }
      }
      file.commit();
    }
  }

  private static void writeFlat(VectorFormat format, CentroidMatrix centroids, OutputStream out)
      throws IOException {
    int k = centroids.k();
    int dimension = centroids.dimension();
    if (format == VectorFormat.NPY) {
      out.write(npyHeader(k, dimension));
    } else if (format == VectorFormat.FBIN) {
      byte[] header = new byte[8];
      littleEndian(header).putInt(k).putInt(dimension);
      out.write(header);
    }
    int prefix = format == VectorFormat.FVECS ? Integer.BYTES : 0;
    byte[] bytes = new byte[prefix + dimension * Float.BYTES];
    ByteBuffer row = littleEndian(bytes);
    for (int i = 0; i < k; i++) {
      row.clear();
      if (prefix > 0) {
        row.putInt(dimension);
      }
      row.asFloatBuffer().put(centroids.values(), i * dimension, dimension);
      out.write(bytes);
    }
  }

  private static byte[] npyHeader(int rows, int dimension) {
    String dict =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }".formatted(rows, dimension);
    int prefix = 10;
    int length = prefix + dict.length() + 1;
    int padded = (length + NPY_ALIGNMENT - 1) / NPY_ALIGNMENT * NPY_ALIGNMENT;
    String text = dict + " ".repeat(padded - length) + "\n";
    byte[] header = new byte[padded];
    littleEndian(header)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length())
        .put(text.getBytes(StandardCharsets.US_ASCII));
    return header;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeParquet(BesideFile file, CentroidMatrix centroids, Configuration hadoop)
      throws IOException {
    MessageType schema =
        Types.buildMessage()
            .required(PrimitiveTypeName.INT32)
            .named("cluster")
            .addField(
                Types.requiredGroup()
                    .as(LogicalTypeAnnotation.listType())
                    .addField(
                        Types.repeatedGroup()
                            .required(PrimitiveTypeName.FLOAT)
                            .named("element")
                            .named("list"))
                    .named("vector"))
            .named("centroids");
    try (ParquetWriter<Integer> writer =
        ParquetSink.open(file.path(), schema, (row, out) -> emit(centroids, row, out), hadoop)) {
      for (int row = 0; row < centroids.k(); row++) {
        writer.write(row);
      }
    }
  }

  private static void emit(CentroidMatrix centroids, int row, RecordConsumer out) {
    out.startField("cluster", 0);
    out.addInteger(row);
    out.endField("cluster", 0);
    out.startField("vector", 1);
    out.startGroup();
    out.startField("list", 0);
    for (int t = 0; t < centroids.dimension(); t++) {
      out.startGroup();
      out.startField("element", 0);
      out.addFloat(centroids.values()[row * centroids.dimension() + t]);
      out.endField("element", 0);
      out.endGroup();
    }
    out.endField("list", 0);
    out.endGroup();
    out.endField("vector", 1);
  }
}
