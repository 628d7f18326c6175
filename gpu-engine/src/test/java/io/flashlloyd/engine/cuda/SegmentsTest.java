package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** What is written in pieces of any size is read in pieces of any other. */
class SegmentsTest {
  @RepeatedTest(20)
  void shouldBringBackWhatItTook() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    float[] floats = new float[1 + random.nextInt(40)];
    double[] doubles = new double[1 + random.nextInt(40)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextFloat();
    }
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = random.nextGaussian();
    }
    long second = (4L * floats.length + 63) / 64 * 64; // a gap between the two
    long third = second + 8L * doubles.length;
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    Segments written = new Segments();
    written.write(0, floats);
    written.write(second, doubles);
    written.write(third, bytes);
    int size = (int) third + 8;
    ByteBuffer memory = ByteBuffer.allocate(size);
    inPieces(written, memory, 8 * (1 + random.nextInt(9)));

    long[] first = new long[floats.length / 2];
    long[] rest = new long[doubles.length];
    Segments read = new Segments();
    read.read(0, first);
    read.read(second, rest);
    inPieces(read, memory, 8 * (1 + random.nextInt(9)));

    for (int i = 0; i < first.length; i++) {
      int low = Float.floatToRawIntBits(floats[2 * i]);
      long high = Float.floatToRawIntBits(floats[2 * i + 1]);
      assertThat(first[i]).as("seed %d", seed).isEqualTo(high << 32 | low & 0xffffffffL);
    }
    for (int i = 0; i < rest.length; i++) {
      assertThat(Double.longBitsToDouble(rest[i])).as("seed %d", seed).isEqualTo(doubles[i]);
    }
    assertThat(memory.slice(size - 8, 8)).isEqualTo(bytes);
  }

  private static void inPieces(Segments segments, ByteBuffer memory, int pieceBytes) {
    for (int at = 0; at < memory.capacity(); at += pieceBytes) {
      int count = Math.min(pieceBytes, memory.capacity() - at);
      segments.copy(memory.slice(at, count).order(ByteOrder.LITTLE_ENDIAN), at);
    }
  }
}
