package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is said of memory that ran out; other failures are in the tests named Bad. */
class FailureMessageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java heap space",
        "GC overhead limit exceeded",
        "Cannot reserve 8192 bytes of direct buffer memory (allocated: 4096, limit: 8191)",
        "failed to allocate 4194304 byte(s) of direct memory (used: 1, max: 2)"
      })
  void shouldNameTheSettingOfTheHeap(String words) {
    Throwable failure = new SparkException("Job aborted", new OutOfMemoryError(words));

    assertThat(said(failure))
        .isEqualTo(
            ("flashlloyd: memory ran out: %s (give a larger heap by FLASHLLOYD_HEAP, or with"
                    + " spark-submit by --driver-memory, for executors by --executor-memory)%n")
                .formatted(words));
  }

  @Test
  void shouldShowWhereOtherMemoryRanOut() {
    assertThat(said(new IllegalStateException(new OutOfMemoryError("Metaspace"))))
        .startsWith("flashlloyd: memory ran out: Metaspace" + System.lineSeparator())
        .contains("\tat ")
        .doesNotContain("FLASHLLOYD_HEAP");
  }

  private static String said(Throwable failure) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(err));

    assertThat(FailureMessage.report(failure, command)).isEqualTo(1);
    return err.toString();
  }
}
