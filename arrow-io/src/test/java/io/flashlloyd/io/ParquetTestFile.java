package io.flashlloyd.io;

import io.flashlloyd.io.output.ParquetSink;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of every shape that vectors come in, with nulls wherever a test wants them. */
enum ParquetTestFile {
  LIST_OF_NULLABLE_FLOAT(
      "optional group v (LIST) { repeated group list { optional float element; } }"),
  LIST_OF_FLOAT("required group v (LIST) { repeated group list { required float element; } }"),
  LIST_OF_DOUBLE("optional group v (LIST) { repeated group bag { optional double array; } }"),
  TWO_LEVEL_LIST("optional group v (LIST) { repeated float array; }"),
  REPEATED_FIELD("repeated float v;"),
  LIST_OF_FLOAT16(Text.listOf("fixed_len_byte_array(2) element (FLOAT16)"), SourceType.FLOAT16),
  LIST_OF_BFLOAT16(Text.listOf("fixed_len_byte_array(2) element"), SourceType.BFLOAT16),
  LIST_OF_INT8(Text.listOf("int32 element (INTEGER(8,true))"), SourceType.INT8),
  LIST_OF_UINT8(Text.listOf("int32 element (INTEGER(8,false))"), SourceType.UINT8),
  STRUCTS_FIELD(
      "optional group s { required int32 x; "
          + Text.listOf("float element")
          + " optional int32 y; }"),
  ML_DENSE(Text.ML),
  ML_SPARSE(Text.ML);

  /** Enum constants cannot use constants of their own class. */
  private static final class Text {
    static final String ML =
        "optional group v { required int32 type (INTEGER(8,true)); optional int32 size;"
            + " optional group indices (LIST) { repeated group list { required int32 element; } }"
            + " optional group values (LIST) { repeated group list { required double element; } }"
            + " }";

    static String listOf(String element) {
      return "optional group v (LIST) { repeated group list { optional " + element + "; } }";
    }
  }

  final SourceType type;
  private final String vector;

  ParquetTestFile(String vector) {
    this(vector, SourceType.FLOAT32);
  }

  ParquetTestFile(String vector, SourceType type) {
    this.vector = vector;
    this.type = type;
  }

  boolean canHoldNullElement() {
    return vector.contains("{ optional");
  }

  boolean canHoldNaN() {
    return type.bytes() > 1;
  }

  /** Writes rows, of which any may be null or hold nulls, in random pages and row groups. */
  void write(Path path, List<Double[]> rows, Random random) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 before; " + vector + " required binary after (STRING); }");
    CompressionCodecName[] codecs = {
      CompressionCodecName.SNAPPY,
      CompressionCodecName.UNCOMPRESSED,
      CompressionCodecName.ZSTD,
      CompressionCodecName.GZIP
    };
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      numbers.add(i);
    }
    try (ParquetWriter<Integer> writer =
        ParquetSink.<Integer>builder(
                new org.apache.hadoop.fs.Path(path.toUri()),
                schema,
                (row, out) -> emit(row, rows.get(row), out),
                Vectors.HADOOP)
            .withCompressionCodec(codecs[random.nextInt(codecs.length)])
            .withWriterVersion(
                random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0)
            .withDictionaryEncoding(random.nextBoolean())
            .withByteStreamSplitEncoding(random.nextInt(4) == 0)
            .withPageSize(1 << (6 + random.nextInt(14)))
            .withPageRowCountLimit(1 + random.nextInt(500))
            .withRowGroupSize(1L << (10 + random.nextInt(12)))
            .build()) {
      for (Integer number : numbers) {
        writer.write(number);
      }
    }
  }

  private void emit(int number, Double[] row, RecordConsumer out) {
    out.startField("before", 0);
    out.addLong(number);
    out.endField("before", 0);
    switch (this) {
      case STRUCTS_FIELD -> emitStruct(number, row, out);
      case REPEATED_FIELD -> {
        if (row.length > 0) {
          out.startField("v", 1);
          for (Double value : row) {
            out.addFloat(value.floatValue());
          }
          out.endField("v", 1);
        }
      }
      default -> {
        if (row != null) {
          out.startField("v", 1);
          out.startGroup();
          emitGroup(row, out);
          out.endGroup();
          out.endField("v", 1);
        }
      }
    }
    out.startField("after", 2);
    out.addBinary(Binary.fromString("row " + number));
    out.endField("after", 2);
  }

  /** The struct is there or not where the vector is null. */
  private static void emitStruct(int number, Double[] row, RecordConsumer out) {
    if (row == null && number % 2 == 0) {
      return;
    }
    out.startField("s", 1);
    out.startGroup();
    out.startField("x", 0);
    out.addInteger(number);
    out.endField("x", 0);
    if (row != null) {
      out.startField("v", 1);
      out.startGroup();
      emitList("list", "element", row, SourceType.FLOAT32, out);
      out.endGroup();
      out.endField("v", 1);
    }
    out.endGroup();
    out.endField("s", 1);
  }

  private void emitGroup(Double[] row, RecordConsumer out) {
    switch (this) {
      case LIST_OF_DOUBLE -> emitList("bag", "array", row, SourceType.FLOAT64, out);
      case TWO_LEVEL_LIST -> {
        if (row.length > 0) {
          out.startField("array", 0);
          for (Double value : row) {
            out.addFloat(value.floatValue());
          }
          out.endField("array", 0);
        }
      }
      case ML_DENSE -> emitMl(1, -1, null, row, out);
      case ML_SPARSE -> emitSparse(row, out);
      case REPEATED_FIELD, STRUCTS_FIELD -> throw new IllegalStateException("not a group");
      default -> emitList("list", "element", row, type, out);
    }
  }

  private static void emitList(
      String list, String element, Double[] row, SourceType type, RecordConsumer out) {
    if (row.length == 0) {
      return;
    }
    out.startField(list, 0);
    for (Double value : row) {
      out.startGroup();
      if (value != null) {
        out.startField(element, 0);
        switch (type) {
          case FLOAT64 -> out.addDouble(value);
          case FLOAT32 -> out.addFloat(value.floatValue());
          case FLOAT16, BFLOAT16 ->
              out.addBinary(Binary.fromConstantByteArray(Vectors.encode(type, value.floatValue())));
          case UINT8 -> out.addInteger(value.intValue() & 0xff);
          case INT8 -> out.addInteger(value.byteValue());
        }
        out.endField(element, 0);
      }
      out.endGroup();
    }
    out.endField(list, 0);
  }

  /** About every third row dense, as MLlib mixes them. */
  private static void emitSparse(Double[] row, RecordConsumer out) {
    if (Math.floorMod(Arrays.hashCode(row), 3) == 0) {
      emitMl(1, -1, null, row, out);
      return;
    }
    List<Integer> indices = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int t = 0; t < row.length; t++) {
      // MLlib may store a zero; a negative one has to be stored.
      if (!row[t].equals(0.0)) {
        indices.add(t);
        values.add(row[t]);
      }
    }
    emitMl(0, row.length, indices.toArray(Integer[]::new), values.toArray(Double[]::new), out);
  }

  private static void emitMl(
      int type, int size, Integer[] indices, Double[] values, RecordConsumer out) {
    out.startField("type", 0);
    out.addInteger(type);
    out.endField("type", 0);
    if (size >= 0) {
      out.startField("size", 1);
      out.addInteger(size);
      out.endField("size", 1);
    }
    if (indices != null) {
      out.startField("indices", 2);
      out.startGroup();
      if (indices.length > 0) {
        out.startField("list", 0);
        for (Integer index : indices) {
          out.startGroup();
          out.startField("element", 0);
          out.addInteger(index);
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
      out.endField("indices", 2);
    }
    out.startField("values", 3);
    out.startGroup();
    emitList("list", "element", values, SourceType.FLOAT64, out);
    out.endGroup();
    out.endField("values", 3);
  }
}
