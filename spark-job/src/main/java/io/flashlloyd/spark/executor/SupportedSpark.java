package io.flashlloyd.spark.executor;

import java.util.Optional;

/** Which Spark this jar runs on: the ones that its tests run on, and later ones of their kind. */
public final class SupportedSpark {
  private static final String SCALA = "2.13";

  private SupportedSpark() {}

  /**
   * Refuses another Spark than the jar is made for, before it fails on a class that is not there.
   *
   * @throws IllegalStateException naming what is expected
   */
  public static void require() {
    problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
  }

  /** Why this process's Spark will not do; empty where it will. */
  public static Optional<String> problem() {
    return problem(org.apache.spark.package$.MODULE$.SPARK_VERSION(), scala());
  }

  private static String scala() {
    return scala.util.Properties.versionNumberString();
  }

  static Optional<String> problem(String spark, String scala) {
    boolean old = Integer.parseInt(spark.replaceFirst("\\..*", "")) < 4;
    return old || !scala.startsWith(SCALA + ".")
        ? Optional.of(
            "Spark %s for Scala %s is there (expected 4.0 or 4.1 for Scala %s: set SPARK_HOME)"
                .formatted(spark, scala.replaceFirst("^(\\d+\\.\\d+)\\..*", "$1"), SCALA))
        : Optional.empty();
  }
}
