package io.flashlloyd.spark.cli;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** What a machine lacks for a start, where the failure's own words do not say it. */
final class StartProblem {
  /** From here on {@code Subject.getSubject}, which Spark's Hadoop calls, throws. */
  private static final int FIRST_JAVA_WITHOUT_SUBJECT = 24;

  private StartProblem() {}

  /** Why this Java cannot run commands; empty where it can. */
  static Optional<String> ofJava(int version) {
    return version < FIRST_JAVA_WITHOUT_SUBJECT
        ? Optional.empty()
        : Optional.of(
            ("Java %d runs this command (expected 17 to %d: Spark's Hadoop fails on newer ones);"
                    + " set JAVA_HOME to one of these")
                .formatted(version, FIRST_JAVA_WITHOUT_SUBJECT - 1));
  }

  /** In words for the user; empty where the failure is of another kind. */
  static Optional<String> of(Throwable failure) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
    return chain.stream().flatMap(cause -> one(cause).stream()).findFirst();
  }

  private static Optional<String> one(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof UnknownHostException && comesFrom(cause, "getLocalHost")) {
      return Optional.of(
          ("This machine's name does not resolve (%s): give it a line in /etc/hosts, or set"
                  + " SPARK_LOCAL_HOSTNAME=localhost")
              .formatted(message));
    }
    if (cause instanceof IOException && message.contains("Too many open files")) {
      return Optional.of(
          "%s: this process may open %s files (expected 4096 or more: ulimit -n 4096)"
              .formatted(message, openFiles()));
    }
    if (cause instanceof LinkageError && message.matches("(?s).*(snappy|zstd|lz4).*")) {
      return Optional.of(
          ("A native library does not load from java.io.tmpdir=%s (%s): the folder is full, or"
                  + " mounted noexec; name another with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER")
              .formatted(
                  System.getProperty("java.io.tmpdir"), message.lines().findFirst().orElse("")));
    }
    return Optional.empty();
  }

  private static boolean comesFrom(Throwable cause, String method) {
    return Arrays.stream(cause.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  /** The soft limit of this process. */
  private static String openFiles() {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      return limits
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split("\\s+", -1)[3])
          .findFirst()
          .orElse("too few");
    } catch (IOException e) {
      return "too few"; // the limit itself is in the way, or there is no /proc
    }
  }
}
