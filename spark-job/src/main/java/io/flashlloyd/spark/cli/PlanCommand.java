package io.flashlloyd.spark.cli;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.plan.EngineRate;
import io.flashlloyd.spark.plan.IterationCost;
import io.flashlloyd.spark.plan.Machines;
import io.flashlloyd.spark.plan.Rates;
import io.flashlloyd.spark.plan.Shape;
import io.flashlloyd.spark.plan.SparkSettings;
import io.flashlloyd.spark.report.Counts;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code flashlloyd plan}: starts no Spark and reads no data. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Say what a fit would cost, before a cluster is rented.",
    description = {
      "",
      "Prints what goes where, the bytes and operations of an iteration, what bounds it, seconds"
          + " and GPU-hours, and Spark's settings to copy. GPUs are Hopper cards, by the figures"
          + " measured on an H200; without --gpus the CPU of this machine is measured. Executors"
          + " are alike and share the rows evenly.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  flashlloyd plan --rows 1e9 --dimension 128 --dtype float16 --k 32768 \\",
      "                  --executors 2 --gpus 1 --host-memory 200",
      "  flashlloyd plan --rows 1e6 --dimension 768 --k 1024"
    })
final class PlanCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandSpec command;

  /** More than vectors have. */
  private static final int MOST_DIMENSIONS = 1 << 24;

  /** 1e9 as well as 1000000000. */
  private static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      try {
        return new BigDecimal(value).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw new TypeConversionException("'%s' is no whole number".formatted(value));
      }
    }
  }

  @Option(
      names = "--rows",
      required = true,
      paramLabel = "N",
      converter = Count.class,
      description = "Vectors, such as 1e9.")
  private long rows;

  @Option(
      names = "--dimension",
      required = true,
      paramLabel = "D",
      description = "Coordinates of each.")
  private int dimension;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      paramLabel = "TYPE",
      description = "float32 (the default), float16, uint8 or int8.")
  private String dtype;

  @Option(names = "--k", required = true, paramLabel = "K", description = "Number of clusters.")
  private int k;

  @Option(
      names = "--iterations",
      defaultValue = "20",
      paramLabel = "I",
      description = "Lloyd iterations. Default: 20.")
  private int iterations;

  @Option(
      names = "--executors",
      defaultValue = "1",
      paramLabel = "E",
      description = "Spark executors. Default: 1.")
  private int executors;

  @Option(
      names = "--gpus",
      defaultValue = "0",
      paramLabel = "G",
      description = "GPUs of each executor; 0, the default: its CPU, as this machine's.")
  private int gpus;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "T",
      description = "Cores of each executor; default: as many as this machine has.")
  private int threads;

  @Option(
      names = "--gpu-memory",
      defaultValue = "149",
      paramLabel = "GB",
      description = "Free memory of a GPU. Default: 149, an H200's (139 GiB); an H100 has 83.")
  private double gpuMemory;

  @Option(
      names = "--host-memory",
      defaultValue = "0",
      paramLabel = "GB",
      description =
          "Memory of an executor for vectors (the pinned and host budgets); default: for all its"
              + " rows.")
  private double hostMemory;

  @Option(
      names = "--pcie",
      defaultValue = "55",
      paramLabel = "GB/S",
      description = "From pinned memory to a GPU. Default: 55.")
  private double pcie;

  @Option(
      names = "--disk",
      defaultValue = "2",
      paramLabel = "GB/S",
      description = "Sequential reads of an executor. Default: 2.")
  private double disk;

  @Option(
      names = "--network",
      defaultValue = "1.2",
      paramLabel = "GB/S",
      description = "Between two machines. Default: 1.2.")
  private double network;

  @Override
  public Integer call() {
    validate();
    Shape shape =
        new Shape(rows, dimension, ElementType.valueOf(dtype.toUpperCase(Locale.ROOT)), k);
    double host = hostMemory == 0 ? Double.POSITIVE_INFINITY : hostMemory * 1e9;
    Machines machines =
        new Machines(executors, gpus, gpuMemory * 1e9, host, pcie * 1e9, disk * 1e9, network * 1e9);
    int all = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    EngineRate rate = Rates.of(machines, all);
    print(shape, IterationCost.of(shape, machines, rate), rate);
    line("");
    line("for spark-submit; conf/ has whole files");
    SparkSettings.of(shape, machines, all).forEach(setting -> line("  --conf %s", setting));
    command.commandLine().getOut().flush();
    return 0;
  }

  private void validate() {
    UsageMessage.require(rows >= 1, command, "--rows", rows, "at least 1");
    UsageMessage.require(dimension >= 1, command, "--dimension", dimension, "at least 1");
    UsageMessage.require(k >= 1, command, "--k", k, "at least 1");
    UsageMessage.require(
        dimension <= MOST_DIMENSIONS,
        command,
        "--dimension",
        dimension,
        "at most %,d".formatted(MOST_DIMENSIONS));
    UsageMessage.require(
        (long) k * dimension <= KMeansConfig.MOST_COORDINATES,
        command,
        "--k",
        k,
        KMeansConfig.most(dimension));
    UsageMessage.require(iterations >= 1, command, "--iterations", iterations, "at least 1");
    UsageMessage.require(executors >= 1, command, "--executors", executors, "at least 1");
    UsageMessage.require(gpus >= 0, command, "--gpus", gpus, "at least 0");
    UsageMessage.require(threads >= 0, command, "--threads", threads, "at least 0");
    UsageMessage.require(
        dtype.matches("(?i)float32|float16|uint8|int8"),
        command,
        "--dtype",
        dtype,
        "float32, float16, uint8 or int8");
    for (double speed : new double[] {gpuMemory, pcie, disk, network}) {
      UsageMessage.require(speed > 0, command, "A memory or speed", speed, "above 0");
    }
  }

  private void print(Shape shape, IterationCost cost, EngineRate rate) {
    line(
        "data         %,d x %d %s, %s",
        shape.rows(), shape.dimension(), dtype, bytes(shape.dataBytes()));
    line("engines      %d x %s", executors * Math.max(1, gpus), rate.name());
    line("");
    line("where rows stay, all executors together");
    if (gpus > 0) {
      line(
          "  device     %,.0f rows (%s)",
          cost.deviceRows(), bytes(cost.deviceRows() * shape.rowBytes()));
    }
    line(
        "  host       %,.0f rows (%s)", cost.hostRows(), bytes(cost.hostRows() * shape.rowBytes()));
    line(
        "  disk       %,.0f rows (%s)", cost.diskRows(), bytes(cost.diskRows() * shape.rowBytes()));
    line("");
    line("an iteration");
    line("  arithmetic %.3g operations%21.3f s", shape.flops(), cost.computeSeconds());
    if (gpus > 0) {
      line("  HBM        %9s of each executor", bytes(cost.hbmBytes()));
      moved("PCIe       %9s of each executor", cost.pcieBytes(), cost.pcieSeconds());
    }
    moved("disk       %9s of each executor", cost.diskBytes(), cost.diskSeconds());
    moved("network    %9s at the driver   ", cost.networkBytes(), cost.networkSeconds());
    line("  in all %42.3f s, bound by %s", cost.seconds(), cost.bound());
    line("");
    line("%s %.1f s", Counts.of(iterations, "iteration"), iterations * cost.seconds());
    if (gpus > 0) {
      line("GPU-hours    %.2f", iterations * cost.seconds() * executors * gpus / 3600);
    }
  }

  private void moved(String what, double bytes, double seconds) {
    line("  " + what + "  %14.3f s", bytes(bytes), seconds);
  }

  private static String bytes(double count) {
    return count >= 1e9
        ? String.format(Locale.ROOT, "%.1f GB", count / 1e9)
        : String.format(Locale.ROOT, "%.1f MB", count / 1e6);
  }

  private void line(String format, Object... values) {
    PrintWriter out = command.commandLine().getOut();
    out.printf(Locale.ROOT, format + "%n", values);
  }
}
