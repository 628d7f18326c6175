package io.flashlloyd.io.output;

import io.flashlloyd.io.VectorFormat;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Centroids to files. */
final class CentroidOutput {
  private CentroidOutput() {}

  public static void write(
      VectorFormat format, String uri, CentroidMatrix centroids, Configuration hadoop)
      throws IOException {
    switch (format) {
      case NPY, FVECS, FBIN -> writeFlat(format, uri, centroids, hadoop);
      case PARQUET -> writeParquet(uri, centroids, hadoop);
      case ARROW -> ArrowCentroids.write(uri, centroids, hadoop);
      default ->
          throw new IllegalArgumentException(
              "Centroids cannot be written as %s (expected npy, fvecs, fbin, parquet or arrow)"
                  .formatted(format.optionName()));
    }
  }

  private static void writeFlat(
      VectorFormat format, String uri, CentroidMatrix centroids, Configuration hadoop)
      throws IOException {
    int dimension = centroids.dimension();
    try (LittleEndianFile out = new LittleEndianFile(uri, hadoop)) {
      FlatOutput.head(format, out, centroids.k(), dimension);
      for (int row = 0; row < centroids.k(); row++) {
        FlatOutput.beforeRow(format, out, dimension);
        out.putFloats(centroids.values(), row * dimension, dimension);
      }
      out.commit();
    }
  }

  private static void writeParquet(String uri, CentroidMatrix centroids, Configuration hadoop)
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
    try (BesideFile file = new BesideFile(uri, hadoop)) {
      try (ParquetWriter<Integer> writer =
          ParquetSink.open(file.path(), schema, (row, out) -> emit(centroids, row, out), hadoop)) {
        for (int row = 0; row < centroids.k(); row++) {
          writer.write(row);
        }
      }
      file.commit();
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
