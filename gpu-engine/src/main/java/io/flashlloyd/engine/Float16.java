package io.flashlloyd.engine;

/** IEEE 754 binary16, which JDK 17 cannot convert itself. */
final class Float16 {
  private Float16() {}

  /** Exact: every binary16 value, subnormals, infinities and NaN included, is a float32. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
    }
    // Shifted into float32's fields the exponent is biased by 15 instead of 127; multiplying by
    // 2^112
    // mends that, subnormals too, and is exact.
    float scaled = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(scaled));
  }
}
