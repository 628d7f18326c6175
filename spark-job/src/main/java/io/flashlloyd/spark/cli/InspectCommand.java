package io.flashlloyd.spark.cli;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.InputColumns;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.report.Awaited;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flashlloyd inspect}: reads headers, footers and reports, no vectors; starts no Spark. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    header = "Say what a vector file, a folder of them, a run or a model holds.",
    footer = {"", "Examples:", "  flashlloyd inspect vectors.parquet", "  flashlloyd inspect run"})
final class InspectCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "URI", description = "What to look at.")
  private String uri;

  @Option(
      names = "--format",
      defaultValue = "auto",
      paramLabel = "NAME",
      description = "As in fit. Default: auto.")
  private String format;

  @Option(names = "--column", paramLabel = "NAME", description = "As in fit.")
  private String column;

  @Option(names = "--bfloat16", description = "As in fit.")
  private boolean bfloat16;

  @Override
  public Integer call() throws IOException {
    // Under spark-submit, spark.hadoop.* says how to reach a file system.
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    Awaited.by(ConsoleProgress.standard()).fileSystems(hadoop, List.of(uri));
    StringWriter said = new StringWriter();
    CommittedFolder.reading(
        StoragePath.of(uri), hadoop, folder -> inspect(folder, hadoop, cleared(said)));
    out().print(said);
    out().flush();
    return 0;
  }

  /** What was said before is of files that have moved since. */
  private static PrintWriter cleared(StringWriter said) {
    said.getBuffer().setLength(0);
    return new PrintWriter(said);
  }

  private Void inspect(CommittedFolder folder, Configuration hadoop, PrintWriter out)
      throws IOException {
    if (folder.has(RunFolder.REPORT)) {
      RunSummary.print(StoredRun.open(uri, hadoop).report(), out);
    } else if (CentroidFiles.isModel(folder)) {
      RunSummary.printModel(CentroidFiles.read(uri, hadoop), out);
    } else {
      printDataset(hadoop, out);
    }
    return null;
  }

  private PrintWriter out() {
    return SafeWriter.over(spec.commandLine().getOut());
  }

  private void printDataset(Configuration hadoop, PrintWriter out) throws IOException {
    InputSpec input =
        new InputSpec(
            List.of(uri),
            VectorFormat.parse(format),
            column,
            null,
            bfloat16,
            InputSpec.DEFAULT_CHUNK_BYTES);
    ColumnTable columns = new ColumnTable(input, InputColumns.of(input, hadoop));
    if (!columns.leavesAChoice()) {
      print(VectorDataset.open(input, hadoop), out);
    }
    columns.print(out);
  }

  private static void print(VectorDataset dataset, PrintWriter out) {
    long bytes = dataset.rows() * dataset.dimension() * dataset.type().bytes();
    out.printf(Locale.ROOT, "format     %s%n", dataset.format().optionName());
    RunSummary.printFiles(dataset.inputFiles(), out);
    out.printf(Locale.ROOT, "rows       %,d%n", dataset.rows());
    out.printf(Locale.ROOT, "dimension  %d%n", dataset.dimension());
    out.printf(Locale.ROOT, "dtype      %s%n", dataset.type().label());
    out.printf(Locale.ROOT, "in memory  %.1f MiB%n", bytes / (double) (1 << 20));
    out.printf(Locale.ROOT, "splits     %,d%n", dataset.splits().size());
  }
}
