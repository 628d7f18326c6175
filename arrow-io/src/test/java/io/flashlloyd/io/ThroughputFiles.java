package io.flashlloyd.io;

import io.flashlloyd.io.output.ParquetSink;
import io.flashlloyd.io.source.SourceType;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The same Gaussian rows in a file of every kind, for {@link ReadThroughput}. */
record ThroughputFiles(Path folder, int rows, int dimension) {

  List<Path> write() throws IOException {
    float[] values = new float[rows * dimension];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    List<Path> files = new ArrayList<>();
    for (boolean dictionary : new boolean[] {false, true}) {
      for (ParquetTestFile shape :
          List.of(
              ParquetTestFile.LIST_OF_NULLABLE_FLOAT,
              ParquetTestFile.LIST_OF_FLOAT16,
              ParquetTestFile.LIST_OF_BFLOAT16,
              ParquetTestFile.LIST_OF_INT8)) {
        files.add(parquet(shape.type, dictionary, values));
      }
    }
    for (SourceType type : List.of(SourceType.FLOAT32, SourceType.FLOAT16)) {
      for (String extension : List.of("arrow", "arrows")) {
        Path file = folder.resolve(type.label() + "." + extension);
        new ArrowTestFile(ArrowTestFile.ListKind.FIXED, type)
            .write(file, boxed(values), dimension, CodecType.NO_COMPRESSION, new Random(1));
        files.add(file);
      }
    }
    byte[] npy =
        FlatTestFile.NPY_F4.bytes(Vectors.encode(SourceType.FLOAT32, values), rows, dimension);
    byte[] fvecs =
        FlatTestFile.FVECS.bytes(Vectors.encode(SourceType.FLOAT32, values), rows, dimension);
    files.add(Files.write(folder.resolve("plain.npy"), npy));
    files.add(zip("stored.npz", npy, ZipEntry.STORED));
    files.add(zip("deflated.npz", npy, ZipEntry.DEFLATED));
    files.add(Files.write(folder.resolve("plain.fvecs"), fvecs));
    files.add(gzip("packed.fvecs.gz", fvecs));
    files.add(hdf5(values));
    return files;
  }

  private List<Double[]> boxed(float[] values) {
    List<Double[]> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Double[] boxed = new Double[dimension];
      for (int t = 0; t < dimension; t++) {
        boxed[t] = (double) values[row * dimension + t];
      }
      all.add(boxed);
    }
    return all;
  }

  private Path parquet(SourceType type, boolean dictionary, float[] values) throws IOException {
    Path file = folder.resolve(type.label() + (dictionary ? "-dictionary" : "-plain") + ".parquet");
    String element =
        switch (type) {
          case FLOAT16 -> "fixed_len_byte_array(2) element (FLOAT16)";
          case BFLOAT16 -> "fixed_len_byte_array(2) element";
          case INT8 -> "int32 element (INTEGER(8,true))";
          default -> "float element";
        };
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional group v (LIST) { repeated group list { optional %s; } } }"
                .formatted(element));
    try (ParquetWriter<Integer> writer =
        ParquetSink.<Integer>builder(
                new org.apache.hadoop.fs.Path(file.toUri()),
                schema,
                (row, out) -> emit(type, row, values, out),
                Vectors.HADOOP)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withDictionaryEncoding(dictionary)
            .build()) {
      for (int row = 0; row < rows; row++) {
        writer.write(row);
      }
    }
    return file;
  }

  private void emit(SourceType type, int row, float[] values, RecordConsumer out) {
    out.startField("v", 0);
    out.startGroup();
    out.startField("list", 0);
    for (int t = 0; t < dimension; t++) {
      float value = values[row * dimension + t];
      out.startGroup();
      out.startField("element", 0);
      switch (type) {
        case FLOAT16, BFLOAT16 ->
            out.addBinary(Binary.fromConstantByteArray(Vectors.encode(type, value)));
        case INT8 -> out.addInteger(Math.max(-128, Math.min(127, Math.round(value * 32))));
        default -> out.addFloat(value);
      }
      out.endField("element", 0);
      out.endGroup();
    }
    out.endField("list", 0);
    out.endGroup();
    out.endField("v", 0);
  }

  private Path zip(String name, byte[] npy, int method) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry entry = new ZipEntry("arr_0.npy");
      if (method == ZipEntry.STORED) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(npy);
        entry.setMethod(method);
        entry.setSize(npy.length);
        entry.setCrc(crc.getValue());
      }
      zip.putNextEntry(entry);
      zip.write(npy);
    }
    return file;
  }

  private Path gzip(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out =
        new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.write(bytes);
    }
    return file;
  }

  private Path hdf5(float[] values) {
    Path file = folder.resolve("contiguous.h5");
    float[][] matrix = new float[rows][];
    for (int row = 0; row < rows; row++) {
      matrix[row] = Arrays.copyOfRange(values, row * dimension, (row + 1) * dimension);
    }
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", matrix);
    }
    return file;
  }
}
