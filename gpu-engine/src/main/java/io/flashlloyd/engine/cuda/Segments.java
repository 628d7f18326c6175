package io.flashlloyd.engine.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arrays whose places on the device are near each other, so that one copy takes them all there, or
 * brings them. Filled by one thread, then copied by several.
 */
final class Segments {
  /** Copies {@code piece.remaining()} bytes, from or to byte {@code offset} of an array. */
  private interface Copy {
    void copy(ByteBuffer piece, long offset);
  }

  private record Segment(long bytes, Copy copy) {}

  private final TreeMap<Long, Segment> segments = new TreeMap<>();

  /** To be written to the device, from byte {@code begin} of what is copied. */
  void write(long begin, float[] values) {
    Copy copy =
        (piece, offset) ->
            piece.asFloatBuffer().put(values, (int) (offset / 4), piece.remaining() / 4);
    segments.put(begin, new Segment(4L * values.length, copy));
  }

  void write(long begin, double[] values) {
    Copy copy =
        (piece, offset) ->
            piece.asDoubleBuffer().put(values, (int) (offset / 8), piece.remaining() / 8);
    segments.put(begin, new Segment(8L * values.length, copy));
  }

  /** All of these bytes. */
  void write(long begin, ByteBuffer values) {
    Copy copy = (piece, offset) -> piece.put(0, values, (int) offset, piece.remaining());
    segments.put(begin, new Segment(values.capacity(), copy));
  }

  /** To be read from the device, from byte {@code begin} of what is copied. */
  void read(long begin, long[] values) {
    Copy copy =
        (piece, offset) ->
            piece.asLongBuffer().get(values, (int) (offset / 8), piece.remaining() / 8);
    segments.put(begin, new Segment(8L * values.length, copy));
  }

  /** Copies the bytes of a piece that begins at byte {@code offset} of all. */
  void copy(ByteBuffer piece, long offset) {
    long end = offset + piece.remaining();
    Long first = segments.floorKey(offset);
    for (Map.Entry<Long, Segment> entry :
        segments.subMap(first == null ? offset : first, end).entrySet()) {
      long begin = entry.getKey();
      long from = Math.max(begin, offset);
      int count = (int) (Math.min(begin + entry.getValue().bytes(), end) - from);
      if (count > 0) {
        ByteBuffer part = piece.slice((int) (from - offset), count).order(ByteOrder.LITTLE_ENDIAN);
        entry.getValue().copy().copy(part, from - begin);
      }
    }
  }
}
