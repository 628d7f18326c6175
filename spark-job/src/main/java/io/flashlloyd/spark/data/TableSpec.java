package io.flashlloyd.spark.data;

import io.flashlloyd.spark.report.PlainText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What is read through Spark: a table, a query, or any of its data sources. One of the three is not
 * null.
 *
 * @param table its name, in Spark's syntax
 * @param source the name of a data source, such as {@code delta} or {@code jdbc}
 * @param options of the source
 * @param version of a Delta or Iceberg table, which is read as it was then; null: as it is now
 */
public record TableSpec(
    String table, String query, String source, Map<String, String> options, String version) {
  private static final String DELTA = "delta";
  private static final String ICEBERG = "iceberg";

  /** What no report has: who reads the run may not be allowed to read the table. */
  private static final String SECRET = "(?i).*(password|secret|token|credential|access.?key).*";

  public TableSpec {
    options = new TreeMap<>(options);
  }

  /** The same as it is now, where its format keeps versions. */
  public TableSpec pinned(SparkSession spark) {
    return version != null ? this : explained(() -> with(versionNow(spark)));
  }

  private TableSpec with(String found) {
    return new TableSpec(table, query, source, options, found);
  }

  /** The rows, as the session reads them. */
  public Dataset<Row> rows(SparkSession spark) {
    return explained(
        () -> {
          if (query != null) {
            return spark.sql(query);
          }
          if (table != null) {
            return version == null
                ? spark.table(table)
                : spark.sql("SELECT * FROM %s VERSION AS OF %s".formatted(table, version));
          }
          DataFrameReader reader = spark.read().format(source).options(options);
          if (version != null) {
            reader = reader.option("versionAsOf", version);
          }
          return reader.load();
        });
  }

  private String versionNow(SparkSession spark) {
    if (table != null) {
      return switch (provider(spark)) {
        case DELTA -> first(spark.sql("DESCRIBE HISTORY %s LIMIT 1".formatted(table)), "version");
        case ICEBERG ->
            first(
                spark.sql("SELECT * FROM %s.refs WHERE name = 'main'".formatted(table)),
                "snapshot_id");
        default -> null;
      };
    }
    String path = options.get("path");
    if (query != null || path == null || namesVersion()) {
      return null;
    }
    if (isFormat(DELTA)) {
      return first(
          spark.sql("DESCRIBE HISTORY delta.`%s` LIMIT 1".formatted(path.replace("`", "``"))),
          "version");
    }
    return isFormat(ICEBERG)
        ? first(
            spark
                .read()
                .format(ICEBERG)
                .load(path + (path.contains("/") ? "#refs" : ".refs"))
                .filter("name = 'main'"),
            "snapshot_id")
        : null;
  }

  /** Whether the user's own options do. */
  private boolean namesVersion() {
    return options.keySet().stream()
        .map(option -> option.toLowerCase(Locale.ROOT))
        .anyMatch(
            option ->
                List.of("versionasof", "timestampasof", "snapshot-id", "as-of-timestamp", "tag")
                    .contains(option));
  }

  /** Whether a database is asked, which may be slow to refuse. */
  public boolean isDatabase() {
    return isFormat("jdbc");
  }

  private boolean isFormat(String name) {
    return name.equalsIgnoreCase(source);
  }

  private String provider(SparkSession spark) {
    return spark.sql("DESCRIBE TABLE EXTENDED " + table).collectAsList().stream()
        .filter(row -> "Provider".equals(row.getString(0)))
        .map(row -> row.getString(1).toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("");
  }

  private static String first(Dataset<Row> rows, String column) {
    List<Row> found = rows.select(column).takeAsList(1);
    return found.isEmpty() ? null : found.get(0).get(0).toString();
  }

  private interface Call<T> {
    T run();
  }

  private <T> T explained(Call<T> call) {
    try {
      return call.run();
    } catch (Exception e) { // Spark's AnalysisException is not declared: it is Scala's
      throw new IllegalArgumentException(
          ("%s cannot be read (%s); check the name, and that the session has the table's runtime"
                  + " and catalog (--spark --jars FILE --conf spark.sql.catalog.NAME=CLASS --)")
              .formatted(this, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  /** As a report's parameters have it; secrets are left out. */
  public void describe(Map<String, Object> parameters) {
    parameters.put("table", table);
    parameters.put("sql", query);
    parameters.put("source", source);
    if (source != null) {
      Map<String, String> told = new LinkedHashMap<>();
      options.forEach(
          (name, value) -> {
            if (!name.matches(SECRET)) {
              told.put(name, PlainText.withoutSecrets(value));
            }
          });
      parameters.put("options", told);
    }
    parameters.put("version", version);
  }

  /** As {@link #describe} put it; empty where the run read files. */
  public static Optional<TableSpec> of(Map<String, Object> parameters) {
    Map<String, String> options = new LinkedHashMap<>();
    if (parameters.get("options") instanceof Map<?, ?> told) {
      told.forEach((name, value) -> options.put(name.toString(), value.toString()));
    }
    TableSpec spec =
        new TableSpec(
            text(parameters, "table"),
            text(parameters, "sql"),
            text(parameters, "source"),
            options,
            text(parameters, "version"));
    return spec.table == null && spec.query == null && spec.source == null
        ? Optional.empty()
        : Optional.of(spec);
  }

  private static String text(Map<String, Object> parameters, String name) {
    return Objects.toString(parameters.get(name), null);
  }

  /** As messages and lists of inputs name it. */
  @Override
  public String toString() {
    String name =
        table != null
            ? "table " + table
            : query != null
                ? "query " + query.strip().replaceAll("\\s+", " ")
                : ("source " + source + " " + options.getOrDefault("path", "")).strip();
    return PlainText.withoutSecrets(version == null ? name : name + ", version " + version);
  }
}
