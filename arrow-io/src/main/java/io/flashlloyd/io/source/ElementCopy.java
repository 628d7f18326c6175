package io.flashlloyd.io.source;

import io.flashlloyd.io.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Coordinates from a file's bytes into a chunk: copied where the types agree, converted where they
 * do not, and checked to be finite on the way. Both buffers are little-endian; positions are bytes.
 */
final class ElementCopy {
  private static final int FLOAT_EXPONENT = 0x7f800000;
  private static final int HALF_EXPONENT = 0x7c00;

  private static final long FLOAT_EXPONENTS = 0x7f800000_7f800000L;
  private static final long FLOAT_ONES = 0x00800000_00800000L;
  private static final long FLOAT_SIGNS = 0x80000000_80000000L;
  private static final long HALF_EXPONENTS = 0x7c00_7c00_7c00_7c00L;
  private static final long HALF_ONES = 0x0400_0400_0400_0400L;
  private static final long HALF_SIGNS = 0x8000_8000_8000_8000L;

  private ElementCopy() {}

  /** Copies {@code count} elements and returns the index of the first bad one, or -1. */
  static int copy(
      ByteBuffer from,
      int at,
      SourceType source,
      ByteBuffer to,
      int toAt,
      ElementType type,
      int n) {
    if (source == SourceType.FLOAT64) {
      return narrow(from, at, to, toAt, n);
    }
    if (source == SourceType.BFLOAT16) {
      return widenBfloat16(from, at, to, toAt, n);
    }
    if (source.elementType() == type) {
      to.put(toAt, from, at, n * type.bytes());
      return firstNotFinite(from, at, source, n);
    }
    if (type != ElementType.FLOAT32) {
      throw new IllegalArgumentException("Cannot convert " + source + " to " + type);
    }
    return widen(from, at, source, to, toAt, n);
  }

  /** What a coordinate that {@link #copy} refused looks like in an error. */
  static String describe(ByteBuffer from, int at, SourceType source) {
    if (source == SourceType.FLOAT64) {
      double value = from.getDouble(at);
      return Double.isFinite(value)
          ? value + ", which float32 cannot hold (expected at most 3.4e38); rescale the data"
          : value + " (expected a finite number); drop or repair the row";
    }
    String text;
    if (source == SourceType.FLOAT16) {
      short half = from.getShort(at);
      text = (half & 0x3ff) != 0 ? "NaN" : half < 0 ? "-Infinity" : "Infinity";
    } else {
      text =
          Float.toString(
              source == SourceType.BFLOAT16
                  ? Float.intBitsToFloat(from.getShort(at) << 16)
                  : from.getFloat(at));
    }
    return text + " (expected a finite number); drop or repair the row";
  }

  private static int narrow(ByteBuffer from, int at, ByteBuffer to, int toAt, int n) {
    boolean bad = false;
    for (int i = 0; i < n; i++) {
      float value = (float) from.getDouble(at + i * 8);
      bad |= !Float.isFinite(value);
      to.putFloat(toAt + i * 4, value);
    }
    if (bad) {
      for (int i = 0; i < n; i++) {
        if (!Float.isFinite((float) from.getDouble(at + i * 8))) {
          return i;
        }
      }
    }
    return -1;
  }

  /** Every bfloat16 is a float32 whose lower half is zero. */
  private static int widenBfloat16(ByteBuffer from, int at, ByteBuffer to, int toAt, int n) {
    for (int i = 0; i < n; i++) {
      to.putInt(toAt + i * 4, from.getShort(at + i * 2) << 16);
    }
    return firstNotFinite32(to, toAt, n);
  }

  private static int widen(
      ByteBuffer from, int at, SourceType source, ByteBuffer to, int toAt, int n) {
    ByteBuffer values = from.slice(at, n * source.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    ElementType narrow = source.elementType();
    for (int i = 0; i < n; i++) {
      to.putFloat(toAt + i * 4, narrow.get(values, i));
    }
    return firstNotFinite(from, at, source, n);
  }

  private static int firstNotFinite(ByteBuffer from, int at, SourceType source, int n) {
    return switch (source) {
      case FLOAT32 -> firstNotFinite32(from, at, n);
      case FLOAT16 -> firstNotFinite16(from, at, n);
      default -> -1;
    };
  }

  private static int firstNotFinite32(ByteBuffer from, int at, int n) {
    int pairs = n / 2;
    // Two at a time and no branch inside the loop: adding 1 to an exponent carries into the sign's
    // place, cleared before, where it is all ones; beyond that place nothing is carried.
    long carried = 0;
    for (int i = 0; i < pairs; i++) {
      carried |= (from.getLong(at + i * 8) & FLOAT_EXPONENTS) + FLOAT_ONES;
    }
    boolean finite = (carried & FLOAT_SIGNS) == 0;
    for (int i = finite ? 2 * pairs : 0; i < n; i++) {
      if ((from.getInt(at + i * 4) & FLOAT_EXPONENT) == FLOAT_EXPONENT) {
        return i;
      }
    }
    return -1;
  }

  /** Likewise, four at a time. */
  private static int firstNotFinite16(ByteBuffer from, int at, int n) {
    int fours = n / 4;
    long carried = 0;
    for (int i = 0; i < fours; i++) {
      carried |= (from.getLong(at + i * 8) & HALF_EXPONENTS) + HALF_ONES;
    }
    boolean finite = (carried & HALF_SIGNS) == 0;
    for (int i = finite ? 4 * fours : 0; i < n; i++) {
      if ((from.getShort(at + i * 2) & HALF_EXPONENT) == HALF_EXPONENT) {
        return i;
      }
    }
    return -1;
  }
}
