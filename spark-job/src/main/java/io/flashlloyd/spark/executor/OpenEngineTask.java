package io.flashlloyd.spark.executor;

import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** Opens the engine in executors whose GPUs only tasks that ask for them are told. */
public final class OpenEngineTask {
  private OpenEngineTask() {}

  /** A task's executor, as Spark's scheduler has it, in Scala's form. */
  private static Tuple2<Integer, Seq<String>> on(String location) {
    return new Tuple2<>(0, CollectionConverters.asScala(List.of(location)).toSeq());
  }

  /**
   * One task for each executor; each takes all of its executor's GPUs and says where it belongs,
   * since a fast executor would take several, and leave others without an engine.
   *
   * @return what tasks ask for whose passes are to have them; empty where Spark schedules no GPUs,
   *     and then nothing is opened
   */
  public static Optional<ResourceProfile> everywhere(SparkContext spark, EngineSettings engine) {
    Optional<ResourceProfile> resources = GpuResources.profile(spark, engine);
    resources.ifPresent(
        wanted -> {
          ExecutorWait.await(spark);
          List<Tuple2<Integer, Seq<String>>> tasks =
              LivingExecutors.of(spark).stream().map(OpenEngineTask::on).toList();
          spark
              .makeRDD(
                  CollectionConverters.asScala(tasks).toSeq(),
                  ClassTag$.MODULE$.apply(Integer.class))
              .toJavaRDD()
              .withResources(wanted)
              .foreach(task -> ExecutorEngine.get(engine));
        });
    return resources;
  }
}
