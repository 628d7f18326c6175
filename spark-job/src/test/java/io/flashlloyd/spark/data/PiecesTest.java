package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecesTest {
  @Test
  void shouldGiveBackWhatWasWrittenInAnyPortions() throws IOException {
    Random random = new Random(5);
    byte[] bytes = new byte[(128 << 20) + 12345];
    random.nextBytes(bytes);
    Pieces pieces = new Pieces();
    pieces.write(bytes[0]);
    int at = 1;
    while (at < bytes.length) {
      int some = Math.min(bytes.length - at, random.nextInt(20_000_000));
      pieces.write(bytes, at, some);
      at += some;
    }
    byte[][] arrays = pieces.toArrays();

    for (byte[] array : arrays) {
      assertThat(array.length).isBetween(1, 64 << 20);
    }
    assertThat(pieces.toArray()).isEqualTo(bytes);
    assertThat(Pieces.in(arrays).readAllBytes()).isEqualTo(bytes);
  }
}
