package io.flashlloyd.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorWaitTest {
  private long now;

  /** When the wait is over, if executors come at these milliseconds. */
  private long waited(int expected, long atMost, long... arrivals) {
    now = 0;
    new ExecutorWait(
            expected,
            () ->
                Arrays.stream(arrivals)
                    .filter(arrival -> arrival <= now)
                    .mapToObj(arrival -> now - arrival)
                    .toList(),
            () -> now,
            millis -> now += millis)
        .atMost(atMost);
    return now;
  }

  @Test
  void shouldWaitForAllThatAreExpected() {
    assertThat(waited(3, 30_000, 100, 1500, 3000)).isEqualTo(3000);
    assertThat(waited(1, 30_000, 0)).isZero();
  }

  @Test
  void shouldWaitForThoseThatComeOneAfterTheOther() {
    long quiet = ExecutorWait.QUIET_MILLIS;

    assertThat(waited(Integer.MAX_VALUE, 30_000, 4000, 5500)).isEqualTo(5500 + quiet);
    assertThat(waited(9, 30_000, 0, 100)).as("not all come").isEqualTo(100 + quiet);
  }

  @Test
  void shouldNotWaitWhereNobodyCameOfLate() {
    assertThat(waited(Integer.MAX_VALUE, 30_000, -60_000, -ExecutorWait.QUIET_MILLIS)).isZero();
  }

  @Test
  void shouldNotWaitForEver() {
    assertThat(waited(Integer.MAX_VALUE, 30_000)).as("nobody comes").isEqualTo(30_000);
    assertThat(waited(3, 0, 0, 0)).as("no time").isZero();
  }

  /** As a standalone cluster without GPUs that executors are to have: Spark waits for ever. */
  @Test
  void shouldSayWhatNobodyCameFor() {
    SparkConf conf = new SparkConf(false).set("spark.executor.cores", "16");
    assertThat(ExecutorWait.nobody("spark://host:7077", conf, 30_000))
        .startsWith(
            "Warning: no executor of spark://host:7077 has come in 30 s; each needs 16 cores, 1g of"
                + " memory (expected a worker that has them free")
        .doesNotContain("GPU");
    conf.set("spark.executor.resource.gpu.amount", "2");
    assertThat(ExecutorWait.nobody("spark://host:7077", conf, 30_000))
        .contains(" and 2 GPUs that its worker offers", "or spark.executor.resource.gpu.amount)");
  }

  @Test
  void shouldExpectWhatTheSettingsSay() {
    SparkConf conf = new SparkConf(false);
    assertThat(ExecutorWait.expected("yarn", conf)).as("unknown").isEqualTo(Integer.MAX_VALUE);
    conf.set("spark.executor.instances", "6");
    assertThat(ExecutorWait.expected("yarn", conf)).isEqualTo(6);
    assertThat(ExecutorWait.expected("k8s://https://host", conf)).isEqualTo(6);
  }

  /** It heeds no number of executors. */
  @Test
  void shouldExpectWhatAStandaloneClusterGives() {
    String master = "spark://host:7077";
    SparkConf conf = new SparkConf(false).set("spark.executor.instances", "6");
    assertThat(ExecutorWait.expected(master, conf)).as("unknown").isEqualTo(Integer.MAX_VALUE);
    conf.set("spark.cores.max", "18");
    assertThat(ExecutorWait.expected(master, conf)).as("unknown").isEqualTo(Integer.MAX_VALUE);
    conf.set("spark.executor.cores", "4");
    assertThat(ExecutorWait.expected(master, conf)).isEqualTo(4);
    assertThat(ExecutorWait.expected("yarn", conf)).isEqualTo(6);
  }

  @Test
  void shouldCutThePortOnly() {
    assertThat(LivingExecutors.host("host")).isEqualTo("host");
    assertThat(LivingExecutors.host("host:4040")).isEqualTo("host");
    assertThat(LivingExecutors.host("[::1]")).isEqualTo("[::1]");
    assertThat(LivingExecutors.host("[::1]:4040")).isEqualTo("[::1]");
  }
}
