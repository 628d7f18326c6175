package io.flashlloyd.io;

import io.flashlloyd.io.source.SourceType;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Arrow IPC files from Arrow's own writer, with nulls wherever a test wants them. */
record ArrowTestFile(ListKind list, SourceType type) {
  /** The list types that hold vectors. */
  enum ListKind {
    FIXED,
    LIST,
    LARGE
  }

  /** Writes rows, of which any may be null or hold nulls, in record batches of random length. */
  void write(Path path, List<Double[]> rows, int dimension, CodecType codec, Random random)
      throws IOException {
    ArrowType listType =
        switch (list) {
          case FIXED -> new ArrowType.FixedSizeList(dimension);
          case LIST -> new ArrowType.List();
          case LARGE -> new ArrowType.LargeList();
        };
    Field element = new Field("item", FieldType.nullable(elementType()), null);
    Field number = new Field("number", FieldType.nullable(new ArrowType.Int(64, true)), null);
    Field vector = new Field("v", FieldType.nullable(listType), List.of(element));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root =
            VectorSchemaRoot.create(new Schema(List.of(number, vector)), allocator);
        FileOutputStream out = new FileOutputStream(path.toFile());
        ArrowWriter writer = writer(path, root, out.getChannel(), codec)) {
      writer.start();
      for (int first = 0; first < rows.size(); ) {
        int count = Math.min(rows.size() - first, random.nextInt(1 + rows.size() / 2) + 1);
        fill(root, rows.subList(first, first + count), dimension);
        writer.writeBatch();
        first += count;
      }
      writer.end();
    }
  }

  /** Of a stream where the name says so. */
  private static ArrowWriter writer(
      Path path, VectorSchemaRoot root, WritableByteChannel out, CodecType codec) {
    CompressionCodec.Factory codecs =
        codec == CodecType.NO_COMPRESSION
            ? NoCompressionCodec.Factory.INSTANCE
            : CommonsCompressionFactory.INSTANCE;
    return path.toString().endsWith(".arrows")
        ? new ArrowStreamWriter(root, null, out, IpcOption.DEFAULT, codecs, codec, Optional.empty())
        : new ArrowFileWriter(root, null, out, null, IpcOption.DEFAULT, codecs, codec);
  }

  private void fill(VectorSchemaRoot root, List<Double[]> rows, int dimension) {
    BigIntVector numbers = (BigIntVector) root.getVector("number");
    FieldVector vectors = root.getVector("v");
    numbers.reset();
    vectors.reset();
    FieldVector elements = vectors.getChildrenFromFields().get(0);
    int at = 0;
    for (int row = 0; row < rows.size(); row++) {
      numbers.setSafe(row, row);
      Double[] values = rows.get(row);
      int length = values == null ? 0 : values.length;
      start(vectors, row, values == null);
      if (list == ListKind.FIXED) {
        at = row * dimension;
      }
      for (int t = 0; t < length; t++) {
        set(elements, at + t, values[t]);
      }
      at += length;
      end(vectors, row, values == null, length);
    }
    elements.setValueCount(list == ListKind.FIXED ? rows.size() * dimension : at);
    vectors.setValueCount(rows.size());
    root.setRowCount(rows.size());
  }

  private static void start(FieldVector vectors, int row, boolean isNull) {
    if (vectors instanceof FixedSizeListVector fixed) {
      fixed.startNewValue(row);
      if (isNull) {
        fixed.setNull(row);
      }
    } else if (vectors instanceof ListVector lists && !isNull) {
      lists.startNewValue(row);
    } else if (vectors instanceof LargeListVector lists && !isNull) {
      lists.startNewValue(row);
    }
  }

  private static void end(FieldVector vectors, int row, boolean isNull, int length) {
    if (vectors instanceof ListVector lists) {
      if (isNull) {
        lists.setNull(row);
      } else {
        lists.endValue(row, length);
      }
    } else if (vectors instanceof LargeListVector lists) {
      if (isNull) {
        lists.setNull(row);
      } else {
        lists.endValue(row, length);
      }
    }
  }

  private static void set(FieldVector elements, int index, Double value) {
    if (value == null) {
      elements.setNull(index);
    } else if (elements instanceof Float4Vector floats) {
      floats.setSafe(index, value.floatValue());
    } else if (elements instanceof Float8Vector doubles) {
      doubles.setSafe(index, value);
    } else if (elements instanceof Float2Vector halves) {
      halves.setSafeWithPossibleTruncate(index, value.floatValue());
    } else if (elements instanceof UInt1Vector bytes) {
      bytes.setSafe(index, value.intValue());
    } else if (elements instanceof FixedSizeBinaryVector raw) {
      raw.setSafe(index, Vectors.encode(SourceType.BFLOAT16, value.floatValue()));
    } else {
      ((TinyIntVector) elements).setSafe(index, value.intValue());
    }
  }

  private ArrowType elementType() {
    return switch (type) {
      case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
      case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case BFLOAT16 -> new ArrowType.FixedSizeBinary(2);
      case UINT8 -> new ArrowType.Int(8, false);
      case INT8 -> new ArrowType.Int(8, true);
    };
  }
}
