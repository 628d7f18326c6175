package io.flashlloyd.io.arrow;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ColumnPick;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.conf.Configuration;

/** The id column of a split's record batches, one record batch on the heap at a time. */
final class ArrowIds implements IdReader {
  private final String name;
  private final String uri;
  private final ArrowPart part;
  private final int column;
  private final IdType type;
  private Ids ids;
  private int at;

  ArrowIds(VectorSplit split, String name, Configuration hadoop) throws IOException {
    this.name = name;
    this.uri = split.uri();
    this.part = new ArrowPart(split, hadoop);
    try {
      Schema schema = part.file().schema();
      this.type = type(uri, schema, name);
      this.column = ArrowColumn.names(schema).indexOf(name);
    } catch (VectorInputException e) {
      part.close();
      throw e;
    }
  }

  /** What kind of ids a column holds. */
  static IdType type(String uri, Schema schema, String name) throws VectorInputException {
    int index = ArrowColumn.names(schema).indexOf(name);
    if (index < 0) {
      throw ColumnPick.missing(uri, name, ArrowColumn.describe(schema));
    }
    Field field = schema.getFields().get(index);
    if (field.getDictionary() == null) {
      if (field.getType() instanceof ArrowType.Int integer) {
        int bits = integer.getBitWidth() + (integer.getIsSigned() ? 0 : 1);
        if (bits <= Long.SIZE) {
          return bits <= Integer.SIZE ? IdType.INT32 : IdType.INT64;
        }
      }
      if (field.getType() instanceof ArrowType.Utf8
          || field.getType() instanceof ArrowType.LargeUtf8) {
        return IdType.STRING;
      }
    }
    throw ColumnPick.wrongIdType(uri, name, field.toString());
  }

  @Override
  public Ids next(int maxRows) throws IOException {
    while (ids == null || at == ids.rows()) {
      if (!part.hasNext()) {
        return null;
      }
      try {
        load(part.next());
      } catch (IOException | RuntimeException e) {
        throw ArrowFile.explain(uri, e);
      }
    }
    int end = (int) Math.min((long) at + maxRows, ids.rows());
    int start = at;
    at = end;
    return ids.range(start, end);
  }

  private void load(RecordBatchHeader header) throws IOException {
    List<Field> fields = part.file().schema().getFields();
    RecordBatchHeader.Slot slot = header.slot(fields, column);
    int rows = Math.toIntExact(header.rows());
    at = 0;
    if (header.nulls(slot.node()) != 0) {
      checkNulls(header, slot, rows);
    }
    ArrowType arrowType = fields.get(column).getType();
    if (type == IdType.STRING) {
      ids = texts(header, slot, rows, arrowType instanceof ArrowType.LargeUtf8 ? 8 : 4);
    } else {
      ids = numbers(header, slot, rows, (ArrowType.Int) arrowType);
    }
  }

  private void checkNulls(RecordBatchHeader header, RecordBatchHeader.Slot slot, int rows)
      throws IOException {
    ByteBuffer bits = BufferStream.read(header, slot.buffer(), (rows + 7L) / 8, part.stream());
    for (int row = 0; row < rows; row++) {
      if ((bits.get(row >>> 3) >>> (row & 7) & 1) == 0) {
        throw ColumnPick.nullId(uri, part.firstRowInFile() + row, name);
      }
    }
  }

  private Ids numbers(
      RecordBatchHeader header, RecordBatchHeader.Slot slot, int rows, ArrowType.Int integer)
      throws IOException {
    int size = integer.getBitWidth() / Byte.SIZE;
    boolean signed = integer.getIsSigned();
    ByteBuffer values =
        BufferStream.read(header, slot.buffer() + 1, (long) rows * size, part.stream());
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
    return Ids.ofNumbers(type, numbers);
  }

  private Ids texts(
      RecordBatchHeader header, RecordBatchHeader.Slot slot, int rows, int offsetBytes)
      throws IOException {
    String[] texts = new String[rows];
    if (rows == 0) {
      return Ids.ofTexts(texts);
    }
    ByteBuffer offsets =
        BufferStream.read(header, slot.buffer() + 1, (rows + 1L) * offsetBytes, part.stream());
    int[] ends = new int[rows + 1];
    for (int i = 0; i <= rows; i++) {
      ends[i] = offsetBytes == 4 ? offsets.getInt(i * 4) : Math.toIntExact(offsets.getLong(i * 8));
    }
    ByteBuffer data = BufferStream.read(header, slot.buffer() + 2, ends[rows], part.stream());
    byte[] bytes = new byte[ends[rows]];
    data.get(0, bytes);
    for (int row = 0; row < rows; row++) {
      byte[] text = Arrays.copyOfRange(bytes, ends[row], ends[row + 1]);
      texts[row] = new String(text, StandardCharsets.UTF_8);
    }
    return Ids.ofTexts(texts);
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}
