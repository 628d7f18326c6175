package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.many.GroupedFit;
import io.flashlloyd.spark.many.MemberFit;
import io.flashlloyd.spark.many.SubspaceFit;
import io.flashlloyd.spark.report.Progress;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Groups and subspaces, fitted in a process of its own: prints their centroids' hash, the stages
 * that asked for GPUs and the GPUs of the engines that executors have open. See {@link
 * ScheduledGpusIT}.
 */
final class ScheduledGpus {
  private static final EngineSettings AUTO = new EngineSettings("auto", 1);

  private ScheduledGpus() {}

  /** Counts stages of other resource profiles than the default one. */
  private static final class Stages extends SparkListener {
    private final AtomicInteger withGpus = new AtomicInteger();

    @Override
    public void onStageCompleted(SparkListenerStageCompleted stage) {
      if (stage.stageInfo().resourceProfileId() != 0) {
        withGpus.incrementAndGet();
      }
    }
  }

  public static void main(String[] args) throws Exception {
    try (SparkSession spark = SparkSession.builder().appName("gpus").getOrCreate()) {
      Stages stages = new Stages();
      spark.sparkContext().addSparkListener(stages);
      Dataset<Row> data =
          spark.sql(
              "select cast(id % 3 as string) as g, transform(sequence(1, 4), t -> cast("
                  + "hash(id, t) % 1000 + 9000 * (id % 7) as float)) as features from range(600)");
      VectorColumns columns =
          VectorColumns.of(data, "features", null, DistanceMeasure.EUCLIDEAN, 1 << 20);
      KMeansConfig config = new KMeansConfig(5, 9, 0, 1, KMeansConfig.RANDOM, 2, null);

      int before = stages.withGpus.get();
      print("groups", new GroupedFit(columns, "g", config, AUTO, 0).run(data, Progress.silent()));
      System.out.println("engines " + engines(spark));
      print("large", new GroupedFit(columns, "g", config, AUTO, 9).run(data, Progress.silent()));
      int large = waited(stages, before);
      System.out.println("large stages " + (large - before));
      print("slices", new SubspaceFit(columns, 2, 4, config, AUTO).run(data, Progress.silent()));
      System.out.println("slices stages " + (waited(stages, large) - large));
    }
  }

  private static int waited(Stages stages, int before) throws InterruptedException {
    for (int i = 0; i < 100 && stages.withGpus.get() == before; i++) {
      Thread.sleep(100); // listeners are told a little later
    }
    Thread.sleep(500);
    return stages.withGpus.get();
  }

  private static void print(String what, List<MemberFit> fits) {
    List<MemberFit> sorted = new ArrayList<>(fits);
    sorted.sort(Comparator.comparing(MemberFit::member));
    sorted.forEach(
        fit -> System.out.println(what + " " + fit.member() + " " + fit.centroids().hashCode()));
  }

  /** The devices of every engine that executors have open. */
  private static List<String> engines(SparkSession spark) {
    return new JavaSparkContext(spark.sparkContext())
        .parallelize(Collections.nCopies(8, 0), 8)
        .map(task -> open())
        .distinct()
        .collect();
  }

  private static String open() throws ReflectiveOperationException {
    Field engines = ExecutorEngine.class.getDeclaredField("ENGINES");
    engines.setAccessible(true);
    return ((Map<?, ?>) engines.get(null)).keySet().toString();
  }
}
