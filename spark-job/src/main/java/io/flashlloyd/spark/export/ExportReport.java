package io.flashlloyd.spark.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.flashlloyd.spark.report.ReportJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code export.json}: what was exported. The last file written: its presence says that the rest is
 * whole.
 *
 * @param format as on the command line
 * @param model the run or model exported
 * @param rows written; null where only centroids are
 * @param metric {@code l2} or {@code inner_product}
 * @param ids what names a row: {@code id}, or {@code row} for its number in the input
 * @param versions of the programs that ran
 * @param parameters as given or by default
 * @param inputs the files read, in order; null where only centroids are exported
 * @param seconds wall time by stage
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExportReport(
    String format,
    String model,
    int k,
    int dimension,
    Long rows,
    String metric,
    String ids,
    Map<String, String> versions,
    Map<String, Object> parameters,
    List<String> inputs,
    Map<String, Double> seconds) {
  static final String NAME = "export.json";

  void write(FileSystem files, Path folder) throws IOException {
    try (OutputStream out = files.create(new Path(folder, NAME), false)) {
      ReportJson.write(out, this);
    }
  }
}
