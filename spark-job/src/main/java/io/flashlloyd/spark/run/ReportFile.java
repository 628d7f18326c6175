package io.flashlloyd.spark.run;

import io.flashlloyd.spark.report.RunReport;
import java.io.IOException;
import java.io.OutputStream;

/**
 * {@code report.json} of a run folder, the last file written: its presence says that the rest is
 * whole.
 */
final class ReportFile {
  static final String NAME = "report.json";

  private ReportFile() {}

  static void write(RunReport report, RunFolder folder) throws IOException {
    try (OutputStream out = folder.files().create(folder.path(NAME), false)) {
      report.write(out);
    }
  }
}
