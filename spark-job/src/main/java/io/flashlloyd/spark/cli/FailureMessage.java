package io.flashlloyd.spark.cli;

import io.flashlloyd.io.VectorInputException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says in one line what is wrong where the user can mend it; what nobody foresaw comes with its
 * stack trace. {@code FLASHLLOYD_STACKTRACE=1} in the environment prints it always.
 */
final class FailureMessage implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    Throwable cause = telling(failure);
    command.getErr().println("flashlloyd: " + message(cause));
    if (!foreseen(cause) || System.getenv("FLASHLLOYD_STACKTRACE") != null) {
      failure.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return 1;
  }

  /** Spark and futures wrap what a task threw, often several times over. */
  private static Throwable telling(Throwable failure) {
    Throwable last = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof VectorInputException || t instanceof IllegalArgumentException) {
        return t;
      }
      last = t;
    }
    return last;
  }

  private static boolean foreseen(Throwable cause) {
    return cause instanceof IllegalArgumentException || cause instanceof java.io.IOException;
  }

  private static String message(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
