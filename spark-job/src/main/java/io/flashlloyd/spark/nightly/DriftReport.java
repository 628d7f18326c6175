package io.flashlloyd.spark.nightly;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.flashlloyd.spark.report.ReportJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * {@code drift.json}.
 *
 * @param decision {@code stable} or {@code drifted}
 * @param reference the run that new rows were compared with
 * @param inputs the files read, in order
 */
public record DriftReport(
    String decision,
    @JsonUnwrapped Drift drift,
    String reference,
    List<String> inputs,
    String engine,
    Map<String, String> versions,
    Map<String, Object> parameters,
    Map<String, Double> seconds) {
  /** The decision that follows from the measures. */
  public static String decision(Drift drift) {
    return drift.drifted() ? "drifted" : "stable";
  }

  /** Writes JSON; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    ReportJson.write(out, this);
  }
}
