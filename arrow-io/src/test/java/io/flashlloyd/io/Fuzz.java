package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files with random damage: they are read (values may differ) or refused as input, never else. */
final class Fuzz {
  private Fuzz() {}

  static void check(Path file, byte[] whole, Random random, int trials) throws IOException {
    int refused = 0;
    for (int trial = 0; trial < trials; trial++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(whole.length);
      int length = 1 + random.nextInt(3);
      for (int i = at; i < Math.min(whole.length, at + length); i++) {
        damaged[i] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        Vectors.read(Vectors.spec(file, 1 << 16));
      } catch (VectorInputException e) {
        assertThat(e).hasMessageContaining(file.getFileName().toString());
        refused++;
      } catch (IOException | RuntimeException e) {
        throw new AssertionError("trial %d, byte %d: %s".formatted(trial, at, e), e);
      }
    }
    assertThat(refused).isPositive();
  }
}
