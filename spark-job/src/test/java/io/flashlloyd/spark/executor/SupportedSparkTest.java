package io.flashlloyd.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupportedSparkTest {
  @ParameterizedTest
  @CsvSource({
    "3.5.6, 2.13.8, Spark 3.5.6 for Scala 2.13",
    "3.5.6, 2.12.18, Spark 3.5.6 for Scala 2.12",
    "4.0.1, 2.12.18, Spark 4.0.1 for Scala 2.12"
  })
  void shouldRefuseOthersAndNameWhatIsExpected(String spark, String scala, String named) {
    assertThat(SupportedSpark.problem(spark, scala))
        .contains(named + " is there (expected 4.0 or 4.1 for Scala 2.13: set SPARK_HOME)");
  }

  @Test
  void shouldTakeTheOnesThatItsTestsRunOn() {
    assertThat(SupportedSpark.problem("4.0.1", "2.13.16")).isEmpty();
    assertThat(SupportedSpark.problem("4.1.0", "2.13.17")).isEmpty();
    assertThat(SupportedSpark.problem("4.1.1-SNAPSHOT", "2.13.17")).isEmpty();
    assertThat(SupportedSpark.problem()).isEmpty();
  }
}
