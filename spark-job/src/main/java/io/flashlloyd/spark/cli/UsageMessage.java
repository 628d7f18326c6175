package io.flashlloyd.spark.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with the options, and where they are explained. */
final class UsageMessage implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    command
        .getErr()
        .printf(
            "flashlloyd: %s; `%s --help` explains%n",
            message(unmatchedFirst(failure, args)), command.getCommandSpec().qualifiedName());
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** A mistyped option is what is wrong, not that the one it was meant to be is missing. */
  private static ParameterException unmatchedFirst(ParameterException failure, String[] args) {
    List<String> unmatched = failure.getCommandLine().getUnmatchedArguments();
    if (failure instanceof UnmatchedArgumentException known && known.getUnmatched().isEmpty()) {
      // picocli found it where an option takes any number of values, and names none.
      unmatched = unknownOptions(failure.getCommandLine().getCommandSpec(), args);
    } else if (!(failure instanceof MissingParameterException)) {
      return failure;
    }
    return unmatched.isEmpty()
        ? failure
        : new UnmatchedArgumentException(failure.getCommandLine(), unmatched);
  }

  private static List<String> unknownOptions(CommandSpec command, String[] args) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith("--"))
        .filter(arg -> !command.optionsMap().containsKey(arg.split("=", 2)[0]))
        .limit(1)
        .toList();
  }

  private static String message(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      if (!failure.getCommandLine().getSubcommands().isEmpty()) {
        return "Command '%s' is unknown (expected %s)"
            .formatted(unmatched.getUnmatched().get(0), Main.commands(failure.getCommandLine()));
      }
      return unknown(unmatched.getUnmatched().get(0), unmatched.getSuggestions());
    }
    return BadValue.message(failure).orElse(failure.getMessage());
  }

  /** The first word that no option takes; those after it are its values, or wait for their turn. */
  private static String unknown(String word, List<String> meant) {
    if (!word.startsWith("-")) {
      return "'%s' belongs to no option (expected --OPTION VALUE); quote a value that has spaces"
          .formatted(word);
    }
    return meant.isEmpty()
        ? "Option %s is unknown".formatted(word)
        : "Option %s is unknown (did you mean %s?)".formatted(word, String.join(" or ", meant));
  }

  /**
   * Refuses an option's value before any work is done.
   *
   * @throws ParameterException unless it holds
   */
  static void require(
      boolean holds, CommandSpec command, String option, Object actual, String expected) {
    if (!holds) {
      throw new ParameterException(
          command.commandLine(), "%s is %s (expected %s)".formatted(option, actual, expected));
    }
  }
}
