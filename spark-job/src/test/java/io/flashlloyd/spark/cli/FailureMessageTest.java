package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import org.apache.hadoop.fs.FSError;
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
            ("flashlloyd: memory ran out: %s; give a larger heap: FLASHLLOYD_HEAP=8g, for example,"
                    + " for the launcher, --driver-memory and --executor-memory for spark-submit%n")
                .formatted(words));
  }

  @Test
  void shouldNameTheModuleOfAScheme() {
    String missing = "Class org.apache.hadoop.fs.s3a.S3AFileSystem not found";

    assertThat(said(new RuntimeException(new ClassNotFoundException(missing))))
        .startsWith("flashlloyd: Hadoop's module for this scheme is missing (" + missing + "); ")
        .contains("--packages org.apache.hadoop:hadoop-aws:")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldShowWhereOtherMemoryRanOut() {
    assertThat(said(new IllegalStateException(new OutOfMemoryError("Metaspace"))))
        .startsWith("flashlloyd: memory ran out: Metaspace" + System.lineSeparator())
        .contains("\tat ")
        .doesNotContain("FLASHLLOYD_HEAP");
  }

  /** Of Hadoop's local file system, which throws an Error, and of Spark's own files. */
  @Test
  void shouldNameTheDiskThatIsFullAndItsSetting() throws ReflectiveOperationException {
    Throwable output = full("org.apache.hadoop.fs.RawLocalFileSystem$LocalFSFileOutputStream");
    Throwable shuffle = full("org.apache.spark.storage.DiskBlockObjectWriter");
    Constructor<FSError> error = FSError.class.getDeclaredConstructor(Throwable.class);
    error.setAccessible(true);

    assertThat(said(new SparkException("Job aborted", error.newInstance(output))))
        .startsWith("flashlloyd: no space is left on the disk (No space left on device); free")
        .doesNotContain("\tat ");
    assertThat(said(new SparkException("Job aborted", shuffle)))
        .startsWith("flashlloyd: no space is left on the disk (No space left on device); give")
        .contains("spark.local.dir, which is ", ", where there is room")
        .doesNotContain("\tat ");
  }

  private static IOException full(String writer) {
    IOException full = new IOException("No space left on device");
    full.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("java.io.FileOutputStream", "writeBytes", null, -2),
          new StackTraceElement(writer, "write", null, 1)
        });
    return full;
  }

  /** Who knows more of a full disk has the word. */
  @Test
  void shouldLetACheckpointSayThatItsDiskIsFull() {
    String words = "Checkpoint c cannot be written (No space left on device); give --checkpoint";

    assertThat(said(new UncheckedIOException(words, full("java.io.Whatever"))))
        .startsWith("flashlloyd: " + words)
        .doesNotContain("\tat ");
  }

  private static String said(Throwable failure) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(err));

    assertThat(FailureMessage.report(failure, command)).isEqualTo(1);
    return err.toString();
  }
}
