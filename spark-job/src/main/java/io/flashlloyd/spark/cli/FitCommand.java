package io.flashlloyd.spark.cli;

import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.fit.EmptyCluster;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.FitRun;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code flashlloyd fit}. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Cluster vectors.",
    description = {
      "",
      "Writes into --output: model/ (Spark ML), centroids.npy (float32, K x d),"
          + " assignments/*.parquet (id, cluster, distance), clusters.parquet (size, cost and"
          + " distances of each cluster), report.json and report.html (its charts, for a browser).",
      "",
      "The result is a function of the rows, K and the seed: no number of machines, partitions or"
          + " threads, and no engine, changes a bit of it.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  flashlloyd fit --input vectors.npy --k 256 --output run",
      "  flashlloyd fit --input 's3a://b/day=*/*.parquet' --column embedding \\",
      "                 --id-column doc --k 4096 --output s3a://b/run",
      "  flashlloyd fit --input new.npy --init run/centroids.npy --output warm"
    })
final class FitCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandSpec command;
  @Mixin private InputOptions input;

  @Option(
      names = "--weight-column",
      paramLabel = "COL",
      description =
          "A column of numbers, at least 0, that rows count (Parquet, Arrow, tables); default: each"
              + " row counts once. Exact: a weight of n gives the bits of n equal rows.")
  private String weightColumn;

  @Option(
      names = "--k",
      paramLabel = "K",
      description = "Number of clusters; may be left out where --init names a file.")
  private Integer k;

  @Option(
      names = "--max-iter",
      defaultValue = "20",
      paramLabel = "N",
      description = "Most Lloyd iterations; 0 keeps the initial centroids. Default: 20.")
  private int maxIter;

  @Option(
      names = "--tol",
      defaultValue = "1e-4",
      paramLabel = "X",
      description =
          "Stop when no centroid moves farther than this (Euclidean); 0: when no row moves."
              + " Default: 1e-4.")
  private double tol;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed of the initialization. Default: 1.")
  private long seed;

  @Option(
      names = "--init",
      defaultValue = "kmeans-parallel",
      paramLabel = "HOW",
      description =
          "kmeans-parallel (the default), random, or a file of centroids in any vector format.")
  private String init;

  @Option(
      names = "--n-init",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Fits with seeds SEED, SEED + 1 and so on, of which the one of least cost is kept."
              + " Default: 1.")
  private int fits;

  @Option(
      names = "--empty-cluster",
      defaultValue = "keep",
      paramLabel = "RULE",
      description =
          "A cluster without rows: keep (the default) its centroid, or split, so that it takes half"
              + " of the cluster that costs most.")
  private String emptyCluster;

  @Option(
      names = "--distance",
      defaultValue = "euclidean",
      paramLabel = "NAME",
      description =
          "euclidean (the default), or cosine: vectors are scaled to length 1 when they are read,"
              + " and the distance is 1 - cos.")
  private String distance;

  @Mixin private CheckpointOptions checkpoints;
  @Mixin private RunOptions run;
  @Mixin private TableOutput tableOutput;

  @Override
  public Integer call() throws IOException {
    input.validate();
    checkpoints.validate();
    run.validate();
    validate();
    SparkStart.with("fit", this::fit);
    return 0;
  }

  private void validate() {
    boolean given = new InitChoice(init).isGiven();
    UsageMessage.require(
        k != null || given,
        command,
        "--k",
        "missing",
        "the number of clusters, unless --init names a file");
    UsageMessage.require(k == null || k >= 1, command, "--k", k, "at least 1");
    UsageMessage.require(maxIter >= 0, command, "--max-iter", maxIter, "at least 0");
    UsageMessage.require(
        DistanceMeasure.labels().contains(distance),
        command,
        "--distance",
        distance,
        String.join(" or ", DistanceMeasure.labels()));
    UsageMessage.require(tol >= 0, command, "--tol", tol, "at least 0");
    UsageMessage.require(fits >= 1, command, "--n-init", fits, "at least 1");
    UsageMessage.require(
        fits == 1 || checkpoints.settings() == null,
        command,
        "--n-init",
        fits,
        "1 with --checkpoint, which is of one fit");
    UsageMessage.require(
        EmptyCluster.labels().contains(emptyCluster),
        command,
        "--empty-cluster",
        emptyCluster,
        String.join(" or ", EmptyCluster.labels()));
  }

  private void fit(SparkSession spark) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    run.reach(hadoop, input, checkpoints.uri(), new InitChoice(init).isGiven() ? init : null);
    RunFolder.check(run.output(), run.overwrite(), hadoop);
    tableOutput.check(spark, run.overwrite());
    Progress progress = run.progress();
    input
        .rows(spark, weightColumn)
        .read(run.output(), progress, (dataset, table) -> fit(spark, dataset, table, progress));
    tableOutput.write(spark, run);
  }

  private Void fit(
      SparkSession spark, VectorDataset dataset, Optional<TableSpec> table, Progress progress)
      throws IOException {
    KMeansConfig config =
        new InitChoice(init)
            .config(
                k,
                dataset.dimension(),
                maxIter,
                tol,
                seed,
                spark.sparkContext().hadoopConfiguration())
            .with(fits, EmptyCluster.of(emptyCluster));
    DistanceMeasure measure = DistanceMeasure.of(distance);
    new FitRun(spark, dataset, measure, config, run.engine(), run.partitions(), progress)
        .withCheckpoints(checkpoints.settings())
        .write(run.output(), run.overwrite(), parameters(config, table), Version.all());
    return null;
  }

  private Map<String, Object> parameters(KMeansConfig config, Optional<TableSpec> table) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("k", config.k());
    parameters.put("maxIter", maxIter);
    parameters.put("tol", tol);
    parameters.put("seed", seed);
    parameters.put("init", init);
    parameters.put("nInit", fits);
    parameters.put("emptyCluster", emptyCluster);
    parameters.put("distance", distance);
    input.describe(parameters, table);
    parameters.put("weightColumn", weightColumn);
    run.describe(parameters);
    tableOutput.describe(parameters);
    return parameters;
  }
}
