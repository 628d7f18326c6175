package io.flashlloyd.spark.cli;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.run.RunInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what to read. */
final class InputOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "URI",
      description = {
        "Files, folders or globs, on any file system that Hadoop knows; or rows made up, such as",
        "  synthetic:rows=1e6,dim=64,clusters=99,dtype=f16"
      })
  private List<String> uris;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description =
          "Instead of --input: a table of the session's catalogs, as it is now; needs --id-column.")
  private String table;

  @Option(
      names = "--sql",
      paramLabel = "QUERY",
      description = "Instead of --input: the rows of a query; needs --id-column.")
  private String query;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Instead of --input: one of Spark's data sources, such as jdbc, delta or iceberg, with"
              + " each of its options by --option; needs --id-column.")
  private String source;

  @Option(names = "--option", paramLabel = "K=V", description = "Of --source.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--format",
      defaultValue = "auto",
      paramLabel = "NAME",
      description =
          "auto (the default: by name, then content), parquet, arrow, npy, npz, fvecs, bvecs, fbin,"
              + " u8bin, i8bin or hdf5; flat ones in gzip, too, where their name says so.")
  private String format;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description =
          "The column of vectors (Parquet, Arrow; a struct's field after a dot; HDF5's data set,"
              + " the array of npz); default: the only one there is.")
  private String column;

  @Option(
      names = "--id-column",
      paramLabel = "NAME",
      description =
          "The column that names rows in the results (Parquet, Arrow, HDF5); default: row numbers"
              + " from 0, in argument order, then path order.")
  private String idColumn;

  @Option(
      names = "--bfloat16",
      description =
          "Elements of two bytes that no type is given for are bfloat16: npy of type V2, lists of"
              + " two raw bytes (Parquet, Arrow).")
  private boolean bfloat16;

  /** What names the rows, or null. */
  Object named() {
    return Stream.of(uris, table, query, source).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Whether any rows are named. */
  boolean given() {
    return named() != null;
  }

  private boolean ofTable() {
    return table != null || query != null || source != null;
  }

  /** Refuses what is no input, for a command whose results name rows. */
  void validate() {
    validateUnnamed();
    UsageMessage.require(
        !ofTable() || idColumn != null,
        command,
        "--id-column",
        "missing",
        "a column that names rows: those of a table have no numbers");
  }

  /** The same for a command whose results name none. */
  void validateUnnamed() {
    if (!given()) {
      throw new MissingParameterException(
          command.commandLine(),
          command.findOption("--input"),
          "Missing required option: '--input=URI' (or --table, --sql or --source)");
    }
    validateOptional();
  }

  /** The same for a command that has rows without, too. */
  void validateOptional() {
    long named = Stream.of(uris, table, query, source).filter(Objects::nonNull).count();
    UsageMessage.require(
        named <= 1, command, "--input", "given with a table", "one of them, or several commands");
    UsageMessage.require(
        options.isEmpty() || source != null,
        command,
        "--option",
        options.keySet(), // values may be secrets
        "with --source only");
    UsageMessage.require(
        named == 1 || (column == null && idColumn == null),
        command,
        column == null ? "--id-column" : "--column",
        column == null ? idColumn : column,
        "with --input only; the run's own rows are read as it read them");
    try {
      VectorFormat.parse(format);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--format: " + e.getMessage(), e);
    }
  }

  /** The same for a command that reads files only. */
  void validateFiles() {
    UsageMessage.require(!ofTable(), command, "--table", "given", "--input");
    validateUnnamed();
  }

  RunInput rows(SparkSession spark) {
    return rows(spark, null);
  }

  /**
   * The same, weighted.
   *
   * @param weights the column that says what rows count, or null
   */
  RunInput rows(SparkSession spark, String weights) {
    return ofTable()
        ? RunInput.table(
            spark,
            new TableSpec(table, query, source, options, null),
            spec(List.of("table")).weightedBy(weights))
        : RunInput.files(spark, spec(uris).weightedBy(weights));
  }

  /** The files, folders and globs; none of a table. */
  List<String> uris() {
    return uris == null ? List.of() : uris;
  }

  InputSpec files() {
    return spec(uris);
  }

  private InputSpec spec(List<String> inputs) {
    return new InputSpec(
        inputs,
        VectorFormat.parse(format),
        column,
        idColumn,
        bfloat16,
        InputSpec.DEFAULT_CHUNK_BYTES);
  }

  /**
   * As the report has it.
   *
   * @param read what {@link #rows} gave the command
   */
  void describe(Map<String, Object> parameters, Optional<TableSpec> read) {
    parameters.put("format", format);
    parameters.put("column", column);
    parameters.put("idColumn", idColumn);
    parameters.put("bfloat16", bfloat16);
    read.ifPresent(pinned -> pinned.describe(parameters));
  }
}
