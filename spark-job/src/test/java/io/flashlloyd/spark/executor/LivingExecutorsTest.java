package io.flashlloyd.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.LocalSpark;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class LivingExecutorsTest {
  /** Where these differ, chunks would be thought lost, and read again in every pass. */
  @Test
  void shouldNameExecutorsAsTheirTasksDo() {
    JavaSparkContext spark = LocalSpark.context();
    String seenInTask =
        spark
            .parallelize(List.of(1), 1)
            .map(
                one -> {
                  SparkEnv env = SparkEnv.get();
                  String host = env.blockManager().blockManagerId().host();
                  return LivingExecutors.location(host, env.executorId());
                })
            .first();

    assertThat(LivingExecutors.of(spark.sc())).containsExactly(seenInTask);
  }
}
