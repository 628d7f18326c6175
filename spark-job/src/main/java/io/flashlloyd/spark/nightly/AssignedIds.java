package io.flashlloyd.spark.nightly;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.lists.AssignmentReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/**
 * Assignments as they travel to the partition of their ids.
 *
 * <pre>
 *   side i32 | rows i32 | cluster i32 [rows] | distance f32 [rows]
 *   id i64 [rows], or length i32 and UTF-8 of each
 * </pre>
 */
final class AssignedIds {
  private AssignedIds() {}

  /** The pieces of some rows, each with the number of its partition. */
  static Iterator<Tuple2<Integer, byte[]>> cut(
      AssignmentReader.Rows rows, int side, int partitions) {
    int[][] of = new int[partitions][0];
    int[] counts = new int[partitions];
    for (int row = 0; row < rows.clusters().length; row++) {
      int partition = Math.floorMod(rows.ids().hash(row), partitions);
      if (counts[partition] == of[partition].length) {
        of[partition] = Arrays.copyOf(of[partition], 16 + 2 * counts[partition]);
      }
      of[partition][counts[partition]++] = row;
    }
    List<Tuple2<Integer, byte[]>> pieces = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      if (counts[partition] > 0) {
        byte[] piece = piece(rows, side, Arrays.copyOf(of[partition], counts[partition]));
        pieces.add(new Tuple2<>(partition, piece));
      }
    }
    return pieces.iterator();
  }

  private static byte[] piece(AssignmentReader.Rows from, int side, int[] rows) {
    boolean texts = from.ids().type() == IdType.STRING;
    byte[][] names = new byte[texts ? rows.length : 0][];
    int idBytes = texts ? 0 : rows.length * Long.BYTES;
    for (int i = 0; i < names.length; i++) {
      names[i] = from.ids().text(rows[i]).getBytes(StandardCharsets.UTF_8);
      idBytes = Math.addExact(idBytes, Integer.BYTES + names[i].length);
    }
    int fixed = 2 * Integer.BYTES * (1 + rows.length);
    ByteBuffer piece = ByteBuffer.allocate(Math.addExact(fixed, idBytes));
    piece.putInt(side).putInt(rows.length);
    for (int row : rows) {
      piece.putInt(from.clusters()[row]);
    }
    for (int row : rows) {
      piece.putFloat(from.distances()[row]);
    }
    for (byte[] name : names) {
      piece.putInt(name.length).put(name);
    }
    for (int i = 0; i < rows.length && !texts; i++) {
      piece.putLong(from.ids().number(rows[i]));
    }
    return piece.array();
  }

  /** The rows of one side among the pieces of a partition. */
  static AssignmentReader.Rows joined(List<byte[]> pieces, int side, IdType type) {
    List<ByteBuffer> own =
        pieces.stream().map(ByteBuffer::wrap).filter(piece -> piece.getInt() == side).toList();
    int all = own.stream().mapToInt(piece -> piece.getInt(Integer.BYTES)).sum();
    int[] clusters = new int[all];
    float[] distances = new float[all];
    long[] numbers = new long[type == IdType.STRING ? 0 : all];
    String[] texts = new String[type == IdType.STRING ? all : 0];
    int from = 0;
    for (ByteBuffer piece : own) {
      int to = from + piece.getInt();
      for (int row = from; row < to; row++) {
        clusters[row] = piece.getInt();
      }
      for (int row = from; row < to; row++) {
        distances[row] = piece.getFloat();
      }
      for (int row = from; row < to; row++) {
        if (type == IdType.STRING) {
          byte[] name = new byte[piece.getInt()];
          piece.get(name);
          texts[row] = new String(name, StandardCharsets.UTF_8);
        } else {
          numbers[row] = piece.getLong();
        }
      }
      from = to;
    }
    Ids ids = type == IdType.STRING ? Ids.ofTexts(texts) : Ids.ofNumbers(type, numbers);
    return new AssignmentReader.Rows(ids, clusters, distances);
  }
}
