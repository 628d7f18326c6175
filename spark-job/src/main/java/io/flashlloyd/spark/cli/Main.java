package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.executor.SupportedSpark;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.util.ShutdownHookManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** {@code flashlloyd}: the commands. */
@Command(
    name = "flashlloyd",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Exact k-means: the same bits on any number of machines, on CPU or GPU.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      FitCommand.class,
      AssignCommand.class,
      DriftCommand.class,
      ReindexCommand.class,
      ExportCommand.class,
      InspectCommand.class,
      MeasureCommand.class,
      PlanCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  flashlloyd inspect vectors.npy",
      "  flashlloyd fit --input vectors.npy --k 256 --output run",
      "  flashlloyd assign --model run --input new.npy --output assigned",
      "  flashlloyd reindex --previous run --input tonight.npy --output run2",
      "  flashlloyd export --model run --to faiss-ivfflat --output index",
      "",
      "`flashlloyd COMMAND --help` explains a command. `flashlloyd bench` times the GPU engine by"
          + " itself, where the benches' own jar is built."
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "No command is given (expected %s)".formatted(commands(spec.commandLine())));
  }

  /** The names of all commands but help, for an error. */
  static String commands(CommandLine main) {
    List<String> names = new ArrayList<>(main.getSubcommands().keySet());
    names.remove("help");
    String last = names.remove(names.size() - 1);
    return String.join(", ", names) + " or " + last;
  }

  /**
   * Runs a command; the process ends with its status: 0 done, 1 failed, 2 wrong usage, 3 drifted.
   * A driver that YARN runs in the cluster must return where nothing failed: there an exit, even
   * with 0, fails the application, which is then tried again.
   */
  public static void main(String[] args) {
    CommandLine main = commandLine();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (failure instanceof OutOfMemoryError memory) {
            FailureMessage.end(memory, main);
          } else if (!ShutdownHookManager.get().isShutdownInProgress()) {
            // What fails while the process ends fails because Spark was stopped under it.
            System.err.println("Exception in thread \"" + thread.getName() + "\"");
            failure.printStackTrace();
          }
        });
    int status = run(main, args);
    boolean inCluster = "cluster".equals(System.getProperty("spark.submit.deployMode"));
    if (!inCluster || (status != 0 && status != DriftCommand.DRIFTED)) {
      System.exit(status);
    }
  }

  /** Runs a command and returns its exit status; numbers are in no country's format afterwards. */
  public static int run(String... args) {
    return run(commandLine(), args);
  }

  private static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setErr(SafeWriter.over(new PrintWriter(System.err, true, Charset.defaultCharset())))
        .setExecutionExceptionHandler(new FailureMessage())
        .setParameterExceptionHandler(new UsageMessage())
        .setUsageHelpAutoWidth(true)
        .setUnmatchedOptionsAllowedAsOptionParameters(false);
  }

  private static int run(CommandLine main, String... args) {
    // Lines are read by programs too: no decimal commas, wherever the machine stands.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    Optional<String> unfit =
        StartProblem.ofJava(Runtime.version().feature()).or(SupportedSpark::problem);
    if (unfit.isPresent()) {
      main.getErr().println("flashlloyd: " + unfit.get());
      return 1;
    }
    try {
      return main.execute(args);
    } catch (Error e) { // picocli handles exceptions, and no errors
      return FailureMessage.report(e, main);
    }
  }
}
