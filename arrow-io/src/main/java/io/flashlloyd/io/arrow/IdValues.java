package io.flashlloyd.io.arrow;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.IntFunction;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.hadoop.fs.FSDataInputStream;

/** The ids of one column in one record batch, or of one dictionary. Nulls are some value. */
final class IdValues {
  /** Bytes of a view: length, then the text itself or its prefix, buffer and offset. */
  private static final int VIEW = 16;

  private static final int INLINE = 12;

  private final RecordBatchHeader header;
  private final RecordBatchHeader.Slot slot;
  private final int rows;
  private final FSDataInputStream in;

  IdValues(RecordBatchHeader header, RecordBatchHeader.Slot slot, FSDataInputStream in) {
    this.header = header;
    this.slot = slot;
    this.rows = Math.toIntExact(header.length(slot.node()));
    this.in = in;
  }

  /** The values of a field that is no dictionary. */
  Ids read(ArrowType type, IdType ids) throws IOException {
    if (type instanceof ArrowType.Int integer) {
      long[] numbers = numbers(integer);
      return ids == IdType.STRING
          ? texts(row -> Long.toUnsignedString(numbers[row]))
          : Ids.ofNumbers(ids, numbers);
    }
    if (type instanceof ArrowType.Utf8View) {
      return views();
    }
    if (type instanceof ArrowType.Decimal decimal) {
      int size = decimal.getBitWidth() / Byte.SIZE;
      ByteBuffer values = values((long) rows * size);
      return texts(row -> decimal(values, row * size, size, decimal.getScale()));
    }
    if (type instanceof ArrowType.FixedSizeBinary uuid) {
      ByteBuffer values = values((long) rows * uuid.getByteWidth()).order(ByteOrder.BIG_ENDIAN);
      return texts(
          row -> new UUID(values.getLong(row * 16), values.getLong(row * 16 + 8)).toString());
    }
    return strings(type instanceof ArrowType.LargeUtf8);
  }

  /** Integers of any width; unsigned ones of 64 bits by their bits. */
  long[] numbers(ArrowType.Int integer) throws IOException {
    int size = integer.getBitWidth() / Byte.SIZE;
    boolean signed = integer.getIsSigned();
    ByteBuffer values = values((long) rows * size);
    long[] numbers = new long[rows];
    for (int row = 0; row < rows; row++) {
      numbers[row] =
          switch (size) {
            case 1 -> signed ? values.get(row) : values.get(row) & 0xff;
            case 2 -> signed ? values.getShort(row * 2) : values.getShort(row * 2) & 0xffff;
            case 4 -> signed ? values.getInt(row * 4) : values.getInt(row * 4) & 0xffffffffL;
            default -> values.getLong(row * 8);
          };
    }
    return numbers;
  }

  private Ids strings(boolean large) throws IOException {
    if (rows == 0) {
      return Ids.ofTexts(new String[0]);
    }
    int size = large ? Long.BYTES : Integer.BYTES;
    ByteBuffer offsets = values((rows + 1L) * size);
    int[] ends = new int[rows + 1];
    for (int i = 0; i <= rows; i++) {
      ends[i] = large ? Math.toIntExact(offsets.getLong(i * size)) : offsets.getInt(i * size);
      if (ends[i] < (i == 0 ? 0 : ends[i - 1])) {
        throw new IllegalArgumentException("a text ends at byte %d".formatted(ends[i]));
      }
    }
    byte[] bytes = BufferStream.readBytes(header, slot.buffer() + 2, ends[rows], in);
    return texts(row -> utf8(bytes, ends[row], ends[row + 1] - ends[row]));
  }

  private Ids views() throws IOException {
    byte[] inline = BufferStream.readBytes(header, slot.buffer() + 1, (long) rows * VIEW, in);
    ByteBuffer views = ByteBuffer.wrap(inline).order(ByteOrder.LITTLE_ENDIAN);
    int[] used = new int[header.variadicBuffers(slot)];
    for (int row = 0; row < rows; row++) {
      int at = row * VIEW;
      int length = views.getInt(at);
      if (length > INLINE) {
        int buffer = views.getInt(at + 8);
        int end = Math.addExact(views.getInt(at + 12), length);
        if (buffer < 0 || buffer >= used.length || views.getInt(at + 12) < 0) {
          throw new IllegalArgumentException(
              "a text lies in buffer %d of %d, at byte %d"
                  .formatted(buffer, used.length, views.getInt(at + 12)));
        }
        used[buffer] = Math.max(used[buffer], end);
      } else if (length < 0) {
        throw new IllegalArgumentException("a text has %d bytes".formatted(length));
      }
    }
    byte[][] data = new byte[used.length][];
    for (int i = 0; i < used.length; i++) {
      data[i] = BufferStream.readBytes(header, slot.buffer() + 2 + i, used[i], in);
    }
    return texts(
        row -> {
          int at = row * VIEW;
          int length = views.getInt(at);
          return length <= INLINE
              ? utf8(inline, at + 4, length)
              : utf8(data[views.getInt(at + 8)], views.getInt(at + 12), length);
        });
  }

  /** The buffer behind the validity. */
  private ByteBuffer values(long bytes) throws IOException {
    return BufferStream.read(header, slot.buffer() + 1, bytes, in);
  }

  private Ids texts(IntFunction<String> text) {
    String[] texts = new String[rows];
    for (int row = 0; row < rows; row++) {
      texts[row] = text.apply(row);
    }
    return Ids.ofTexts(texts);
  }

  private static String utf8(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.UTF_8);
  }

  private static String decimal(ByteBuffer values, int at, int size, int scale) {
    byte[] bigEndian = new byte[size];
    for (int i = 0; i < size; i++) {
      bigEndian[i] = values.get(at + size - 1 - i);
    }
    return new BigDecimal(new BigInteger(bigEndian), scale).toPlainString();
  }
}
