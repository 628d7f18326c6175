package io.flashlloyd.io.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementCopyTest {
  /** Infinities, and NaNs of the smallest and largest fraction, with either sign. */
  private static final int[] BAD_FLOATS = {
    0x7f800000, 0xff800000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff
  };

  private static final int[] BAD_HALVES = {0x7c00, 0xfc00, 0x7c01, 0xfc01, 0x7fff, 0xffff};

  /** Several are looked at together: each place among them, beside the largest finite values. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16"})
  void shouldFindTheFirstThatIsNotFinite(SourceType type) {
    boolean halves = type == SourceType.FLOAT16;
    for (int count = 1; count <= 19; count++) {
      for (int start : new int[] {0, 3}) {
        for (int finite :
            halves ? new int[] {0x7bff, 0xfbff} : new int[] {0x7f7fffff, 0xff7fffff}) {
          ByteBuffer from = filled(type, start + count, finite);
          assertThat(copy(from, start, type, count)).isEqualTo(-1);
          for (int at = 0; at < count; at++) {
            for (int bad : halves ? BAD_HALVES : BAD_FLOATS) {
              ByteBuffer with = filled(type, start + count, finite);
              put(with, type, start + at, bad);
              put(with, type, start + count - 1, bad);
              assertThat(copy(with, start, type, count))
                  .as("%s %x at %d of %d from %d", type, bad, at, count, start)
                  .isEqualTo(at);
            }
          }
        }
      }
    }
  }

  private static int copy(ByteBuffer from, int start, SourceType type, int count) {
    ByteBuffer to = ByteBuffer.allocateDirect(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int at = start * type.bytes();
    int bad = ElementCopy.copy(from, at, type, to, 0, type.elementType(), count);
    assertThat(to).isEqualTo(from.slice(at, count * type.bytes()));
    return bad;
  }

  private static ByteBuffer filled(SourceType type, int count, int bits) {
    ByteBuffer buffer = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      put(buffer, type, i, bits);
    }
    return buffer;
  }

  private static void put(ByteBuffer buffer, SourceType type, int index, int bits) {
    if (type == SourceType.FLOAT16) {
      buffer.putShort(2 * index, (short) bits);
    } else {
      buffer.putInt(4 * index, bits);
    }
  }
}
