package io.flashlloyd.spark.export;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code flashlloyd export} writes. */
public enum ExportFormat {
  FAISS_FLAT,
  FAISS_IVFFLAT,
  LANCE,
  VECTORCHORD,
  PGVECTOR,
  DISKANN,
  NPY,
  FVECS,
  FBIN,
  PARQUET;

  /** The format's name on a command line. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The format that an option names.
   *
   * @throws IllegalArgumentException for any other word, listing those that are known
   */
  public static ExportFormat parse(String option) {
    return Arrays.stream(values())
        .filter(format -> format.optionName().equals(option))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Format '%s' is unknown (expected %s)".formatted(option, optionNames())));
  }

  /** All option names, as an error lists them. */
  public static String optionNames() {
    return Arrays.stream(values()).map(ExportFormat::optionName).collect(Collectors.joining(", "));
  }

  /** Whether only centroids are written, so that no row need be read. */
  public boolean centroidsOnly() {
    return this == FAISS_FLAT || this == VECTORCHORD;
  }

  /** Whether a string can name a row; elsewhere names are integers. */
  boolean takesTexts() {
    return this == PGVECTOR || this == PARQUET;
  }

  /** Whether rows are named by their numbers whatever the id column says. */
  boolean numbersRows() {
    return this == DISKANN;
  }
}
