package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float16Test {
  @Test
  void shouldConvertEveryValue() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float found = Float16.toFloat((short) bits);
      assertThat(Float.floatToRawIntBits(found))
          .as("binary16 %04x", bits)
          .isEqualTo(Float.floatToRawIntBits(byDefinition(bits)));
    }
  }

  private static float byDefinition(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, -24)
            : Math.scalb(1024.0 + fraction, exponent - 25);
    float value = exponent == 31 ? Float.POSITIVE_INFINITY : (float) magnitude;
    if (exponent == 31 && fraction != 0) {
      value = Float.intBitsToFloat(0x7f800000 | fraction << 13);
    }
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) | (bits & 0x8000) << 16);
  }
}
