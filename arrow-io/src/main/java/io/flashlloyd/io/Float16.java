package io.flashlloyd.io;

/** IEEE 754 binary16, which JDK 17 cannot convert itself. */
final class Float16 {
  private Float16() {}

  /** Exact: every finite binary16 value, subnormals included, is a float32. */
  static float toFloat(short half) {
    // Shifted into float32's fields the exponent is biased by 15 instead of 127; the factor 2^112
    // mends that, subnormals too, and is exact.
    float magnitude = Float.intBitsToFloat((half & 0x7fff) << 13) * 0x1p112f;
    int sign = (half & 0x8000) << 16;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude));
  }
}
