package io.flashlloyd.spark.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.report.ReportJson;
import io.flashlloyd.spark.report.RunReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * {@code report.html}: a run for people to look at. One file of some 250 KB whatever the run's
 * size: what is too much to draw is thinned out or put together, and the page says so.
 */
public final class ReportPage {
  /** Paths that are listed. */
  private static final int INPUTS = 100;

  private final RunReport report;
  private final long[] clusterSizes;
  private final Centroids centroids;
  private final DriftCharts drift;

  /**
   * @param report what {@code report.json} holds
   * @param clusterSizes [k] rows of each cluster
   * @param centroids the k centroids
   * @param drift charts of what changed since another run, or null
   */
  public ReportPage(RunReport report, long[] clusterSizes, Centroids centroids, DriftCharts drift) {
    if (clusterSizes.length != centroids.k()) {
      throw new IllegalArgumentException(
          "There are sizes of %d clusters (expected %d, as centroids)"
              .formatted(clusterSizes.length, centroids.k()));
    }
    this.report = report;
    this.clusterSizes = clusterSizes;
    this.centroids = centroids;
    this.drift = drift;
  }

  public RunReport report() {
    return report;
  }

  /** What report.js reads. */
  private record Data(
      RunReport report,
      int inputs,
      IterationSeries iterations,
      WorkSeries work,
      SizeHistogram sizes,
      CentroidMap map,
      DriftCharts drift) {}

  /** Writes HTML, UTF-8; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    IterationSeries iterations = IterationSeries.of(report.iterations());
    String html =
        PageTemplate.fill(
            Map.of(
                "plain", PlainNumbers.html(report, iterations, drift),
                "style", PageTemplate.resource("report.css"),
                "library", PageTemplate.library(),
                "charts", PageTemplate.resource("charts.js"),
                "script", PageTemplate.resource("report.js"),
                "data", json(iterations)));
    out.write(html.getBytes(StandardCharsets.UTF_8));
  }

  /** As JSON in which no text can end the script element that holds it, or begin another. */
  private String json(IterationSeries iterations) throws JsonProcessingException {
    Data data =
        new Data(
            withoutLists(),
            report.inputs().size(),
            iterations,
            WorkSeries.of(report),
            SizeHistogram.of(clusterSizes),
            CentroidMap.of(centroids, clusterSizes),
            drift);
    return ReportJson.line(data).replace("<", "\\u003c");
  }

  private RunReport withoutLists() {
    List<String> inputs = report.inputs();
    return report.with(List.of(), inputs.subList(0, Math.min(INPUTS, inputs.size())));
  }
}
