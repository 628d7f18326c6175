package io.flashlloyd.spark.cli;

import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Which disk is full: the system does not say, and neither do Spark and Hadoop. What wrote says
 * which setting leads there.
 */
final class FullDisk {
  private static final String FULL =
      "(?s).*(No space left on device|Disk quota exceeded|quota of .* is exceeded).*";

  /** Where Spark itself writes what does not fit in memory, and what tasks send each other. */
  private static final List<String> SPARKS =
      List.of(
          "org.apache.spark.storage.",
          "org.apache.spark.shuffle.",
          "org.apache.spark.util.collection.",
          "org.apache.spark.broadcast.",
          "io.flashlloyd.spark.store.");

  private FullDisk() {}

  /** In words for the user; empty where the failure is another, or was told by who knew more. */
  static Optional<String> of(Throwable failure, CommandLine command) {
    List<Throwable> full =
        ExceptionUtils.getThrowableList(failure).stream()
            .filter(cause -> String.valueOf(cause.getMessage()).matches(FULL))
            .toList();
    return full.isEmpty() || full.stream().anyMatch(FullDisk::isOurs)
        ? Optional.empty()
        : Optional.of(message(full.get(full.size() - 1), command));
  }

  private static boolean isOurs(Throwable cause) {
    StackTraceElement[] frames = cause.getStackTrace();
    return frames.length > 0 && frames[0].getClassName().startsWith("io.flashlloyd.");
  }

  private static String message(Throwable cause, CommandLine command) {
    String file =
        cause instanceof FileSystemException named && named.getFile() != null
            ? named.getFile() + ": "
            : "";
    String full = file + "no space is left on the disk (%s); ".formatted(firstLine(cause));
    if (isOf(cause, SPARKS)) {
      return full + "give spark.local.dir, which is %s, where there is room".formatted(localDir());
    }
    ParseResult parsed = command.getParseResult();
    String output = parsed == null ? null : parsed.matchedOptionValue("--output", null);
    return full
        + (output == null
            ? "free some"
            : "give --output, which is %s, where there is room, or free some".formatted(output));
  }

  private static boolean isOf(Throwable cause, List<String> packages) {
    return Arrays.stream(cause.getStackTrace())
        .anyMatch(frame -> packages.stream().anyMatch(frame.getClassName()::startsWith));
  }

  /** As Spark finds it. */
  private static String localDir() {
    return Stream.of(
            System.getenv("SPARK_LOCAL_DIRS"),
            System.getProperty("spark.local.dir"),
            System.getProperty("java.io.tmpdir"))
        .filter(dir -> dir != null && !dir.isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static String firstLine(Throwable cause) {
    return cause.getMessage().lines().findFirst().orElse("");
  }
}
