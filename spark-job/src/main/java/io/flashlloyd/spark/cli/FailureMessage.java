package io.flashlloyd.spark.cli;

import io.flashlloyd.io.ChunkMemoryException;
import io.flashlloyd.io.StorageProblem;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.util.ShutdownHookManager;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says in one line what is wrong where the user can mend it; what nobody foresaw comes with its
 * stack trace. {@code FLASHLLOYD_STACKTRACE=1} in the environment prints it always.
 */
final class FailureMessage implements IExecutionExceptionHandler {
  /** As shells give it for SIGINT; the signal itself decides what the parent process sees. */
  private static final int INTERRUPTED = 130;

  /** Whether the process ends for an error that was told already. */
  private static volatile boolean told;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return report(failure, command);
  }

  /** Says why a command failed and returns the exit status. */
  static int report(Throwable failure, CommandLine command) {
    if (told) {
      return 1;
    }
    Optional<String> start = StartProblem.of(failure);
    Throwable cause = telling(failure);
    if (ShutdownHookManager.get().isShutdownInProgress() && !(cause instanceof OutOfMemoryError)) {
      // Whatever failed did so because Spark was stopped under it.
      command.getErr().println("flashlloyd: interrupted before the output was in its place");
      return INTERRUPTED;
    }
    command.getErr().println("flashlloyd: " + start.orElseGet(() -> message(cause, command)));
    boolean understood = start.isPresent() || foreseen(cause);
    if (!understood || System.getenv("FLASHLLOYD_STACKTRACE") != null) {
      failure.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return 1;
  }

  /**
   * Says that a thread of the driver has run out of memory, and ends the process: whoever waits for
   * that thread would wait for ever.
   */
  static void end(OutOfMemoryError failure, CommandLine command) {
    report(failure, command);
    told = true;
    new Thread(() -> System.exit(1), "flashlloyd-end").start(); // an exit waits for its hooks
  }

  /**
   * Spark and futures wrap what a task threw, often several times over. Of what is foreseen the
   * outermost tells most: it has the subject.
   */
  private static Throwable telling(Throwable failure) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
    for (Throwable thrown : chain) { // while an output was given up that had gone
      for (Throwable suppressed : thrown.getSuppressed()) {
        if (suppressed instanceof RunFolder.KeptException) {
          return suppressed;
        }
      }
    }
    return Stream.<Predicate<Throwable>>of(
            RunFolder.KeptException.class::isInstance,
            OutOfMemoryError.class::isInstance,
            t -> t instanceof VectorInputException || t instanceof IllegalArgumentException,
            FailureMessage::foreseen)
        .flatMap(kind -> chain.stream().filter(kind))
        .findFirst()
        .orElse(chain.get(chain.size() - 1));
  }

  private static boolean foreseen(Throwable cause) {
    return cause instanceof IllegalArgumentException
        || cause instanceof IOException
        || cause instanceof UncheckedIOException
        || cause instanceof FSError // Hadoop's for an IOException of a local disk
        || cause instanceof ChunkMemoryException
        || heapRanOut(cause)
        || StorageProblem.of(cause).isPresent();
  }

  /** Direct buffers may take as much as the heap; what else runs out, no setting of ours gives. */
  private static boolean heapRanOut(Throwable cause) {
    return cause instanceof OutOfMemoryError
        && String.valueOf(cause.getMessage())
            .matches(
                "(?s).*(heap space|GC overhead|direct (buffer|memory)|UNABLE_TO_ACQUIRE_MEMORY).*");
  }

  private static String message(Throwable cause, CommandLine command) {
    if (cause instanceof OutOfMemoryError) {
      String ranOut = "memory ran out: " + cause.getMessage();
      return heapRanOut(cause)
          ? ranOut
              + "; give a larger heap: FLASHLLOYD_HEAP=8g, for example, for the launcher,"
              + " --driver-memory and --executor-memory for spark-submit"
          : ranOut;
    }
    boolean complete =
        cause instanceof VectorInputException || cause instanceof RunFolder.KeptException;
    if (!complete && FullDisk.of(cause, command).isPresent()) {
      return FullDisk.of(cause, command).get();
    }
    if (!complete && StorageProblem.of(cause).isPresent()) {
      return StorageProblem.of(cause).get();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
