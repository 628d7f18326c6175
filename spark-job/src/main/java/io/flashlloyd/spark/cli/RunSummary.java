package io.flashlloyd.spark.cli;

import io.flashlloyd.io.InputFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.Costs;
import io.flashlloyd.spark.report.RunReport;
import java.io.PrintWriter;
import java.util.Locale;

/** What inspect says of a run or a model. */
final class RunSummary {
  private RunSummary() {}

  /** A run folder, from its report. */
  static void print(RunReport report, PrintWriter out) {
    out.printf(Locale.ROOT, "run of     flashlloyd %s%n", report.command());
    if (report.files() != null) {
      printFiles(report.files(), out);
    }
    out.printf(Locale.ROOT, "rows       %,d%n", report.rows());
    out.printf(Locale.ROOT, "dimension  %d%n", report.dimension());
    out.printf(Locale.ROOT, "dtype      %s%n", report.dtype());
    out.printf(Locale.ROOT, "clusters   %,d%n", report.kReturned());
    int iterations = report.iterations().size();
    boolean stopped = Boolean.FALSE.equals(report.converged()) && iterations > 0;
    out.printf(Locale.ROOT, "iterations %d%s%n", iterations, stopped ? " (not converged)" : "");
    out.printf(Locale.ROOT, "cost       %s%n", Costs.of(report.trainingCost()));
    ClusterSizes sizes = report.clusterSizes();
    out.printf(
        Locale.ROOT,
        "sizes      %,d to %,d, median %,d, %,d empty%n",
        sizes.smallest(),
        sizes.largest(),
        sizes.median(),
        sizes.empty());
    out.printf(Locale.ROOT, "engine     %s%n", report.engine());
  }

  /** How many files were read, and how many names were passed over, and why. */
  static void printFiles(InputFiles files, PrintWriter out) {
    int empty = files.withoutRows();
    out.printf(
        Locale.ROOT,
        "files      %,d%s%n",
        files.read(),
        empty == 0 ? "" : String.format(Locale.ROOT, " (%,d without rows)", empty));
    files
        .skipped()
        .forEach((why, count) -> out.printf(Locale.ROOT, "skipped    %,d: %s%n", count, why));
  }

  /** A Spark ML model of centroids. */
  static void printModel(CentroidMatrix centroids, PrintWriter out) {
    out.printf(Locale.ROOT, "model      Spark ML%n");
    out.printf(Locale.ROOT, "clusters   %,d%n", centroids.k());
    out.printf(Locale.ROOT, "dimension  %d%n", centroids.dimension());
  }
}
