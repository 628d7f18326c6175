package io.flashlloyd.spark;

/** Codes as columns hold them: unsigned bytes, or shorts. */
final class CodeFormat {
  private CodeFormat() {}

  static Object pack(int[] codes, boolean bytes) {
    if (bytes) {
      byte[] packed = new byte[codes.length];
      for (int m = 0; m < codes.length; m++) {
        packed[m] = (byte) codes[m];
      }
      return packed;
    }
    short[] packed = new short[codes.length];
    for (int m = 0; m < codes.length; m++) {
      packed[m] = (short) codes[m];
    }
    return packed;
  }

  /** From a value as a user-defined function gets it. */
  static int[] unpack(Object value) {
    if (value instanceof byte[] bytes) {
      int[] codes = new int[bytes.length];
      for (int m = 0; m < codes.length; m++) {
        codes[m] = Byte.toUnsignedInt(bytes[m]);
      }
      return codes;
    }
    if (value instanceof scala.collection.Seq<?> shorts) {
      int[] codes = new int[shorts.length()];
      for (int m = 0; m < codes.length; m++) {
        codes[m] = ((Number) shorts.apply(m)).intValue();
      }
      return codes;
    }
    throw new IllegalArgumentException(
        "Codes are %s (expected binary or an array of numbers)"
            .formatted(value == null ? "null" : value.getClass().getName()));
  }
}
