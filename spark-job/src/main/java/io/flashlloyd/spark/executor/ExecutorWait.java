package io.flashlloyd.spark.executor;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Waits for an application's executors, before it is decided how many tasks read and where chunks
 * stay. A standalone cluster starts executors while the application already runs: whoever comes
 * first would read everything and have all the work of a fit. (YARN and Kubernetes begin when most
 * are there.)
 *
 * @param expected how many are known to come; where that is not known, or they do not all come,
 *     those are enough that come less than {@link #QUIET_MILLIS} apart
 * @param arrivals how long ago those came that are there, in milliseconds
 * @param clock milliseconds that only rise
 * @param pause waits for so many milliseconds
 */
public record ExecutorWait(
    int expected, Supplier<List<Long>> arrivals, LongSupplier clock, LongConsumer pause) {
  static final long QUIET_MILLIS = 2000;
  private static final long PAUSE_MILLIS = 50;

  /**
   * For executors of this application; not where there is one process, or they come by need.
   *
   * @return what to tell the user where none has come: Spark waits on, and names no reason
   */
  public static Optional<String> await(SparkContext spark) {
    SparkConf conf = spark.getConf();
    if (spark.isLocal() || conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return Optional.empty();
    }
    long millis = conf.getTimeAsMs("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s");
    boolean came =
        new ExecutorWait(
                expected(spark.master(), conf),
                () -> LivingExecutors.ages(spark),
                () -> System.nanoTime() / 1_000_000,
                ExecutorWait::sleep)
            .atMost(millis);
    return came ? Optional.empty() : Optional.of(nobody(spark.master(), conf, millis));
  }

  static String nobody(String master, SparkConf conf, long millis) {
    String gpus = conf.get("spark.executor.resource.gpu.amount", "0");
    return ("Warning: no executor of %s has come in %d s; each needs %s cores, %s of memory%s"
            + " (expected a worker that has them free: look at its page, or lower"
            + " spark.executor.cores, spark.executor.memory%s)")
        .formatted(
            master,
            millis / 1000,
            conf.get("spark.executor.cores", "all its worker's"),
            conf.get("spark.executor.memory", "1g"),
            gpus.equals("0") ? "" : " and %s GPUs that its worker offers".formatted(gpus),
            gpus.equals("0") ? "" : " or spark.executor.resource.gpu.amount");
  }

  /** As the settings say that this master heeds; the largest int where they say nothing. */
  static int expected(String master, SparkConf conf) {
    int executors = conf.getInt("spark.executor.instances", 0);
    if (master.startsWith("spark:")) { // so many cores in all, of so many each
      int cores = conf.getInt("spark.executor.cores", 0);
      executors = cores == 0 ? 0 : conf.getInt("spark.cores.max", 0) / cores;
    }
    return executors > 0 ? executors : Integer.MAX_VALUE;
  }

  /** Returns when they are there, or it is late; whether any is. */
  boolean atMost(long millis) {
    long begin = clock.getAsLong();
    long changed = begin;
    int seen = 0;
    for (long now = begin; now - begin < millis; now = clock.getAsLong()) {
      List<Long> ages = arrivals.get();
      if (ages.size() != seen) {
        seen = ages.size();
        // Who came before this wait began is not new; how long ago is a matter of another clock.
        changed = now == begin ? begin - Collections.min(ages) : now;
      }
      if (seen >= expected || (seen > 0 && now - changed >= QUIET_MILLIS)) {
        return true;
      }
      pause.accept(PAUSE_MILLIS);
    }
    return seen > 0;
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while executors were awaited", e);
    }
  }
}
