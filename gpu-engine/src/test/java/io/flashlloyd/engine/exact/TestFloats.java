package io.flashlloyd.engine.exact;

import java.util.Random;

/** Float32 values of all magnitudes. */
public final class TestFloats {
  private TestFloats() {}

  /** A finite value of any bits: exponents are as likely, subnormals among them. */
  public static float any(Random random) {
    float value = Float.NaN;
    while (!Float.isFinite(value)) {
      value = Float.intBitsToFloat(random.nextInt());
    }
    return value;
  }

  static float[] of(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(8) == 0 ? 0 : any(random);
    }
    return values;
  }
}
