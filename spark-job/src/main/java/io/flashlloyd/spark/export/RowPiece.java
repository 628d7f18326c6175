package io.flashlloyd.spark.export;

import io.flashlloyd.io.ElementType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.lists.ListWriter;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/**
 * Rows that go to one range of lists, as bytes; in the order in which they came.
 *
 * <pre>
 *   first row i64 (big-endian, to sort by) | rows i32
 *   cluster i32 [rows] | id i64 [rows], or where its text ends i32 [rows] | texts, UTF-8
 *   values [rows x dimension] of the type
 * </pre>
 */
final class RowPiece {
  private static final int HEAD = Long.BYTES + Integer.BYTES;

  /**
   * What all pieces have in common.
   *
   * @param texts whether rows are named by texts
   */
  record Layout(int dimension, ElementType type, boolean texts) implements Serializable {
    int rowBytes() {
      return dimension * type.bytes();
    }

    int idBytes() {
      return texts ? Integer.BYTES : Long.BYTES;
    }
  }

  private final Layout layout;
  private final ByteBuffer bytes;
  private final int rows;
  private final int idsAt;
  private final ByteBuffer values;

  RowPiece(Layout layout, byte[] piece) {
    this.layout = layout;
    this.bytes = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
    this.rows = bytes.getInt(Long.BYTES);
    this.idsAt = HEAD + rows * Integer.BYTES;
    int valueBytes = rows * layout.rowBytes();
    this.values = bytes.slice(piece.length - valueBytes, valueBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The pieces of consecutive rows, each with the number of its range.
   *
   * @param ids of the rows
   */
  static Iterator<Tuple2<Integer, byte[]>> cut(
      Layout layout, AssignedRows.Portion portion, Ids ids, ClusterRanges ranges) {
    int[] starts = new int[ranges.count() + 1];
    int[] rangeOf = new int[portion.rows()];
    for (int row = 0; row < rangeOf.length; row++) {
      rangeOf[row] = ranges.of(portion.clusters()[row]);
      starts[rangeOf[row] + 1]++;
    }
    for (int range = 0; range < ranges.count(); range++) {
      starts[range + 1] += starts[range];
    }
    int[] next = starts.clone();
    int[] sorted = new int[rangeOf.length];
    for (int row = 0; row < rangeOf.length; row++) {
      sorted[next[rangeOf[row]]++] = row;
    }
    List<Tuple2<Integer, byte[]>> pieces = new ArrayList<>();
    for (int range = 0; range < ranges.count(); range++) {
      if (starts[range] < starts[range + 1]) {
        byte[] piece = of(layout, portion, ids, sorted, starts[range], starts[range + 1]);
        pieces.add(new Tuple2<>(range, piece));
      }
    }
    return pieces.iterator();
  }

  /** Of the rows {@code sorted[from]} to {@code sorted[to]} (exclusive), ascending. */
  private static byte[] of(
      Layout layout, AssignedRows.Portion portion, Ids ids, int[] sorted, int from, int to) {
    int rows = to - from;
    byte[][] names = new byte[layout.texts() ? rows : 0][];
    int nameBytes = 0;
    for (int i = 0; i < names.length; i++) {
      names[i] = ids.text(sorted[from + i]).getBytes(StandardCharsets.UTF_8);
      nameBytes = Math.addExact(nameBytes, names[i].length);
    }
    int rowBytes = layout.rowBytes();
    int fixed = Math.multiplyExact(rows, Integer.BYTES + layout.idBytes() + rowBytes);
    ByteBuffer piece = ByteBuffer.allocate(Math.addExact(HEAD + nameBytes, fixed));
    piece.putLong(portion.firstRow() + sorted[from]).order(ByteOrder.LITTLE_ENDIAN).putInt(rows);
    for (int i = from; i < to; i++) {
      piece.putInt(portion.clusters()[sorted[i]]);
    }
    for (int i = from; i < to && !layout.texts(); i++) {
      piece.putLong(ids.number(sorted[i]));
    }
    int end = 0;
    for (byte[] name : names) {
      end += name.length;
      piece.putInt(end);
    }
    for (byte[] name : names) {
      piece.put(name);
    }
    byte[] array = piece.array();
    for (int i = from, at = piece.position(); i < to; i++, at += rowBytes) {
      portion.values().get(sorted[i] * rowBytes, array, at, rowBytes);
    }
    return array;
  }

  int rows() {
    return rows;
  }

  int cluster(int row) {
    return bytes.getInt(HEAD + row * Integer.BYTES);
  }

  /** Appends a row to its list; {@code scratch} has [dimension] float32. */
  void addTo(ListWriter writer, int row, byte[] scratch) throws IOException {
    byte[] from = bytes.array();
    int at = values.arrayOffset() + row * layout.rowBytes();
    if (layout.type() != ElementType.FLOAT32) {
      ByteBuffer wide = ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN);
      for (int t = 0; t < layout.dimension(); t++) {
        wide.putFloat(layout.type().get(values, row * layout.dimension() + t));
      }
      from = scratch;
      at = 0;
    }
    if (layout.texts()) {
      writer.add(cluster(row), text(row), from, at);
    } else {
      writer.add(cluster(row), bytes.getLong(idsAt + row * Long.BYTES), from, at);
    }
  }

  private String text(int row) {
    int begin = row == 0 ? 0 : bytes.getInt(idsAt + (row - 1) * Integer.BYTES);
    int end = bytes.getInt(idsAt + row * Integer.BYTES);
    int textsAt = idsAt + rows * Integer.BYTES;
    return new String(bytes.array(), textsAt + begin, end - begin, StandardCharsets.UTF_8);
  }
}
