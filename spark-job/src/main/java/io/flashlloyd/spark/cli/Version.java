package io.flashlloyd.spark.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** The versions that a result depends on, or rather does not. */
final class Version implements IVersionProvider {
  /** Ours, Spark's and Java's. */
  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    String own = Version.class.getPackage().getImplementationVersion();
    versions.put("flashlloyd", own == null ? "development" : own);
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  @Override
  public String[] getVersion() {
    return all().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toArray(String[]::new);
  }
}
