package io.flashlloyd.spark.cli;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what to read. */
final class InputOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "URI",
      description = {
        "Files, folders or globs, on any file system that Hadoop knows; or rows made up, such as",
        "synthetic:rows=1e6,dim=64,clusters=99,dtype=f16"
      })
  private List<String> uris;

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

  void validate() {
    try {
      VectorFormat.parse(format);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--format: " + e.getMessage(), e);
    }
  }

  VectorDataset open(Configuration hadoop) throws IOException {
    return VectorDataset.open(spec(uris), hadoop);
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

  /** As the report has it. */
  void describe(java.util.Map<String, Object> parameters) {
    parameters.put("format", format);
    parameters.put("column", column);
    parameters.put("idColumn", idColumn);
    parameters.put("bfloat16", bfloat16);
  }
}
