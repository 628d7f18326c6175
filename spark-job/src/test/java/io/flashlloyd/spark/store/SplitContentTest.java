package io.flashlloyd.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flashlloyd.spark.InLocale;
import org.junit.jupiter.api.Test;

/** What an executor says of a split that has changed. */
class SplitContentTest {
  @Test
  void shouldSayWhatChangedAlikeInEveryLocale() {
    SplitContent before = new SplitContent(12_345, 0xab);

    Throwable changed =
        InLocale.german(
            () -> catchThrowable(() -> before.requireSame(7, new SplitContent(12_346, 0xab))));

    assertThat(changed)
        .hasMessageStartingWith(
            "Split 7 has 12,346 rows, checksum 00000000000000ab"
                + " (expected 12,345, checksum 00000000000000ab, as when it was first read);");
  }
}
