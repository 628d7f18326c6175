package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SparkStartTest {
  private static final String TIMEOUT = "spark.hadoop.fs.s3a.connection.timeout";

  @Test
  void shouldNotWaitForAStoreAsLongAsHadoopDoesUnlessTheUserWantsTo() {
    SparkConf conf = SparkStart.conf("fit");
    assertThat(conf.get(TIMEOUT)).isEqualTo("60000");
    assertThat(conf.get("spark.hadoop.fs.s3a.retry.limit")).isEqualTo("3");

    System.setProperty(TIMEOUT, "500s");
    try {
      assertThat(SparkStart.conf("fit").get(TIMEOUT)).isEqualTo("500s");
    } finally {
      System.clearProperty(TIMEOUT);
    }
  }
}
