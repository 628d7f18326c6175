package io.flashlloyd.spark.run;

import io.flashlloyd.spark.report.page.ReportPage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * {@code report.html} of a run folder, and {@code report.json}, the last file written: its presence
 * says that the rest is whole.
 */
public final class ReportFile {
  public static final String NAME = "report.json";
  private static final String PAGE = "report.html";

  private ReportFile() {}

  public static void write(ReportPage page, RunFolder folder) throws IOException {
    try (OutputStream out = folder.files().create(folder.path(PAGE), false)) {
      page.write(out);
    }
    try (OutputStream out = folder.files().create(folder.path(NAME), false)) {
      page.report().write(out);
    }
  }
}
