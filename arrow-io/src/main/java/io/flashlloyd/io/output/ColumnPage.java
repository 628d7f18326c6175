package io.flashlloyd.io.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltalengthbytearray.DeltaLengthByteArrayValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Values of one Parquet column without nulls, encoded from an array in one go: integers by
 * their differences, of which consecutive ids leave next to nothing and cluster numbers the bits
 * that they have; float32 as they are, since bits of distances do not compress, and since Spark
 * 4.1 cannot read the encodings that would try.
 */
public record ColumnPage(
    BytesInput bytes, int rows, int values, Encoding encoding, Statistics<?> statistics) {
  private static final int SLAB = 1 << 12;
  private static final int TEXT_BYTES = 16;
  private static final HeapByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();

  /** A page of the first {@code count} numbers, at least one. */
  public static ColumnPage longs(PrimitiveType type, long[] values, int count) {
    var writer = new DeltaBinaryPackingValuesWriterForLong(SLAB, most(count, Long.BYTES), HEAP);
    long min = values[0];
    long max = values[0];
    for (int i = 0; i < count; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
      writer.writeLong(values[i]);
    }
    LongStatistics statistics = (LongStatistics) Statistics.createStats(type);
    statistics.setMinMax(min, max);
    return new ColumnPage(writer.getBytes(), count, count, writer.getEncoding(), statistics);
  }

  /** A page of the first {@code count} numbers, at least one. */
  public static ColumnPage ints(PrimitiveType type, int[] values, int count) {
    var writer =
        new DeltaBinaryPackingValuesWriterForInteger(SLAB, most(count, Integer.BYTES), HEAP);
    int min = values[0];
    int max = values[0];
    for (int i = 0; i < count; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
      writer.writeInteger(values[i]);
    }
    IntStatistics statistics = (IntStatistics) Statistics.createStats(type);
    statistics.setMinMax(min, max);
    return new ColumnPage(writer.getBytes(), count, count, writer.getEncoding(), statistics);
  }

  /** No value is NaN: statistics have no place for it. */
  public static ColumnPage floats(PrimitiveType type, float[] values, int count) {
    ByteBuffer plain = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    plain.asFloatBuffer().put(values, 0, count);
    Statistics<?> statistics = statistics(type, plain.asFloatBuffer());
    return new ColumnPage(BytesInput.from(plain.array()), count, count, Encoding.PLAIN, statistics);
  }

  /**
   * Rows of a required list of required float32.
   *
   * @param values [rows x dimension], little-endian, none of them NaN; not copied
   * @param levels of as many rows
   */
  public static ColumnPage vectors(
      PrimitiveType type, byte[] values, int rows, int dimension, BytesInput levels) {
    int count = rows * dimension;
    ByteBuffer plain = ByteBuffer.wrap(values, 0, count * Float.BYTES);
    return new ColumnPage(
        BytesInput.concat(levels, BytesInput.from(values, 0, plain.limit())),
        rows,
        count,
        Encoding.PLAIN,
        statistics(type, plain.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()));
  }

  /** Where lists of {@code dimension} values each begin, and that none is empty or null. */
  public static BytesInput levels(int rows, int dimension) throws IOException {
    int count = rows * dimension;
    RunLengthBitPackingHybridEncoder begins =
        new RunLengthBitPackingHybridEncoder(1, SLAB, most(count, 1), HEAP);
    RunLengthBitPackingHybridEncoder defined =
        new RunLengthBitPackingHybridEncoder(1, SLAB, most(count, 1), HEAP);
    for (int i = 0; i < count; i++) {
      begins.writeInt(i % dimension == 0 ? 0 : 1);
      defined.writeInt(1);
    }
    return BytesInput.concat(sized(begins.toBytes()), sized(defined.toBytes()));
  }

  private static BytesInput sized(BytesInput bytes) {
    return BytesInput.concat(BytesInput.fromInt(Math.toIntExact(bytes.size())), bytes);
  }

  private static Statistics<?> statistics(PrimitiveType type, FloatBuffer values) {
    float min = values.get(0);
    float max = min;
    for (int i = 1; i < values.limit(); i++) {
      min = Math.min(min, values.get(i));
      max = Math.max(max, values.get(i));
    }
    FloatStatistics statistics = (FloatStatistics) Statistics.createStats(type);
    statistics.setMinMax(min, max);
    return statistics;
  }

  /** A page of the first {@code count} texts, in UTF-8. */
  public static ColumnPage texts(PrimitiveType type, String[] values, int count) {
    var writer = new DeltaLengthByteArrayValuesWriter(SLAB, most(count, TEXT_BYTES), HEAP);
    BinaryStatistics statistics = (BinaryStatistics) Statistics.createStats(type);
    for (int i = 0; i < count; i++) {
      Binary text = Binary.fromString(values[i]);
      statistics.updateStats(text);
      writer.writeBytes(text);
    }
    return new ColumnPage(writer.getBytes(), count, count, writer.getEncoding(), statistics);
  }

  /** How far buffers grow in steps that get larger; no limit. */
  private static int most(int count, int bytes) {
    return Math.max(SLAB, count * bytes);
  }
}
