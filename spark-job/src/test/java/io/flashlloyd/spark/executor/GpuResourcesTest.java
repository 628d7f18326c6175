package io.flashlloyd.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.LocalSpark;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class GpuResourcesTest {
  @Test
  void shouldRefuseWhatHangsInOneProcess() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "local[4]")
            .set("spark.task.resource.gpu.amount", "1");

    assertThatThrownBy(() -> GpuResources.checkLocal(conf))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spark.task.resource.gpu.amount is 1 with master local[4]")
        .hasMessageContaining("CUDA_VISIBLE_DEVICES");
    GpuResources.checkLocal(conf.set("spark.master", "local-cluster[2,1,1024]"));
    GpuResources.checkLocal(new SparkConf(false).set("spark.master", "local[4]"));
  }

  @Test
  void shouldAskForNothingWhereExecutorsHaveNoGpus() {
    EngineSettings settings = new EngineSettings("auto", 1);

    assertThat(GpuResources.profile(LocalSpark.session().sparkContext(), settings)).isEmpty();
  }
}
