package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanCommandTest {
  @Test
  void shouldSayWhatTwoGpusNeed() {
    CommandRun run =
        CommandRun.of(
            "plan",
            "--rows",
            "1e9",
            "--dimension",
            "128",
            "--dtype",
            "float16",
            "--k",
            "32768",
            "--executors",
            "2",
            "--gpus",
            "1",
            "--network",
            "10",
            "--threads",
            "8");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("1,000,000,000 x 128 float16, 256.0 GB", "2 x Hopper GPU", "bound by arithmetic")
        .containsPattern("device +1,000,000,000 rows")
        .containsPattern("20 iterations 1[23]\\d\\.\\d s")
        .containsPattern("GPU-hours +0\\.0[67]")
        .containsPattern("  HBM +\\d")
        .contains(
            "  --conf spark.executor.instances=2\n",
            "  --conf spark.executor.resource.gpu.amount=1\n")
        // 128 GB of vectors are 119.2 GiB; a core has 0.2 GiB more.
        .contains("--conf spark.executor.memoryOverhead=121g\n");
  }

  /** The CPU of this machine is measured, so only that there is a figure can be said. */
  @Test
  void shouldMeasureTheCpu() {
    CommandRun run =
        CommandRun.of(
            "plan", "--rows", "1000000", "--dimension", "16", "--k", "64", "--threads", "1");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("1 x CPU of this machine, 1 thread, ").contains("20 iterations");
    assertThat(run.out())
        .contains("  host       1,000,000 rows (64.0 MB)\n")
        .doesNotContain("HBM", "PCIe", "device", "gpu")
        .endsWith(
            """
            for spark-submit; conf/ has whole files
              --conf spark.executor.instances=1
              --conf spark.executor.cores=1
              --conf spark.executor.memory=2g
              --conf spark.executor.memoryOverhead=1g
              --conf spark.driver.memory=2g
              --conf spark.driver.maxResultSize=1g
              --conf spark.dynamicAllocation.enabled=false
            """);
  }

  @Test
  void shouldRefuseAnUnknownType() {
    CommandRun run =
        CommandRun.of("plan", "--rows", "10", "--dimension", "2", "--k", "2", "--dtype", "float64");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--dtype is float64 (expected float32, float16, uint8 or int8)");
  }

  @Test
  void shouldMeasureAFewIterations() {
    CommandRun run =
        CommandRun.of(
            "measure",
            "--input",
            "synthetic:rows=3000,dim=8,dtype=u8",
            "--k",
            "5",
            "--iterations",
            "2",
            "--engine",
            "cpu");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("3,000 x 8 uint8, K=5", "iteration  1 ", "iteration  2 ", "GB in memory")
        .contains("bare pass  2 ")
        .contains("(3,000 rows)");
  }

  @Test
  void shouldNotMeasureWhatNeedsNoIteration() {
    CommandRun run =
        CommandRun.of(
            "measure",
            "--input",
            "synthetic:rows=3,dim=8,dtype=f32",
            "--k",
            "5",
            "--engine",
            "cpu");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("Input has fewer distinct rows than k=5", "a smaller --k");
  }
}
