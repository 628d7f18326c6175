package io.flashlloyd.spark.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.RunReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the page carries, without a browser ({@link ReportPageIT} has one). */
class ReportPageTest {
  private static final long SMALL = 600_000;

  private final Random random = new Random(4);

  private String html(int iterations, int k, int dimension, List<String> inputs)
      throws IOException {
    long[] sizes = Reports.sizes(k, random);
    RunReport report = Reports.of(iterations, sizes, inputs);
    return Reports.html(
        new ReportPage(report, sizes, Reports.centroids(k, dimension, random), null));
  }

  private static JsonNode data(String html) throws IOException {
    String begin = "<script type=\"application/json\" id=\"data\">";
    int from = html.indexOf(begin) + begin.length();
    return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
  }

  @Test
  void shouldCarryTheReportsNumbers() throws IOException {
    JsonNode data = data(html(7, 12, 5, List.of("file:/a", "file:/b")));

    assertThat(data.path("iterations").path("number")).hasSize(7);
    assertThat(data.path("iterations").path("cost").get(0).asDouble()).isEqualTo(1.3e6);
    assertThat(data.path("report").path("iterations")).isEmpty();
    assertThat(data.path("report").path("inputs")).hasSize(2);
    assertThat(data.path("map").path("cluster")).hasSize(12);
    assertThat(data.path("work").path("labels")).hasSize(9);
    assertThat(data.path("work").path("stages").fieldNames())
        .toIterable()
        .containsExactly("read", "decode", "screen", "refine", "sum", "reduce");
    assertThat(data.path("work").path("stages").path("read").get(1).isNull())
        .as("a stage that was not measured is no zero")
        .isTrue();
    assertThat(data.path("drift").isNull()).isTrue();
  }

  @Test
  void shouldStaySmallWhateverTheRunsSize() throws IOException {
    List<String> inputs =
        IntStream.range(0, 5000).mapToObj("s3a://bucket/part-%05d.parquet"::formatted).toList();

    String html = html(3000, 262_144, 4, inputs);

    assertThat(html.length()).isLessThan((int) SMALL);
    JsonNode data = data(html);
    JsonNode numbers = data.path("iterations").path("number");
    assertThat(numbers).hasSizeLessThanOrEqualTo(1001);
    assertThat(numbers.get(0).asInt()).isEqualTo(1);
    assertThat(numbers.get(numbers.size() - 1).asInt()).isEqualTo(3000);
    assertThat(data.path("iterations").path("note").asText()).startsWith("One of 3 iterations");
    assertThat(data.path("work").path("note").asText())
        .isEqualTo("A bar is the mean of 38 iterations.");
    assertThat(data.path("map").path("cluster")).hasSizeBetween(1900, 2000);
    assertThat(data.path("map").path("of").asInt()).isEqualTo(262_144);
    assertThat(data.path("report").path("inputs")).hasSize(100);
    assertThat(data.path("inputs").asInt()).isEqualTo(5000);
  }

  @Test
  void shouldKeepHostileNamesInsideTheirText() throws IOException {
    List<String> names =
        List.of(
            "</script><script>alert(1)</script>", "<!--<script>", "{{script}}", "$1\\u003c&lt;\"'");

    String html = html(2, 3, 5, names);

    assertThat(html.split("<script", -1)).as("our four scripts and no other").hasSize(5);
    assertThat(html).doesNotContain("<!--");
    List<String> read = new ArrayList<>();
    data(html).path("report").path("inputs").forEach(name -> read.add(name.asText()));
    assertThat(read).isEqualTo(names);
  }

  @Test
  void shouldHaveTheMainNumbersForBrowsersWithoutScripts() throws IOException {
    String html = html(7, 12, 5, List.of());
    String plain = html.substring(html.indexOf("<noscript>"), html.indexOf("</noscript>"));

    assertThat(plain)
        .doesNotContain("<p></p>")
        .contains("\n<tr><th>iteration<th class=\"number\">cost<th class=\"number\">moved rows<")
        .contains("\n<tr><td>7<td class=\"number\">1,042,860<td class=\"number\">0<");
    assertThat(plain.replace(" class=\"number\"", ""))
        .containsPattern("<h1>fit: [\\d,]+ rows in 12 clusters</h1>")
        .containsPattern("<th>rows<td>[\\d,]+ rows of 128 float32\n")
        .contains("<th>iterations<td>7, stopped by itself\n", "<th>training cost<td>1,000,000\n")
        .contains("<th>time<td>12 s\n")
        .contains("<tr><td>1<td>1,300,000<td>85,715<td>2.5<td>0<td>0.2 s\n")
        .contains("<tr><td>7<td>1,042,860<td>0<td>0.3571<td>0<td>0.2 s<");
  }

  @Test
  void shouldNotSayThatRowsMovedWhereNoIterationRan() throws IOException {
    assertThat(html(0, 3, 5, List.of()))
        .contains("<th>iterations<td>0, the initial centroids are the result\n");
  }

  @Test
  void shouldWriteTheDigitsThatMatterOnly() {
    List<DriftCharts.Measure> measures =
        List.of(
            new DriftCharts.Measure("far-rows", 0.00433333, 0.0348007),
            new DriftCharts.Measure("cost-ratio", 2.5e9, 1e-5));
    DriftCharts drift = new DriftCharts("stable", measures, List.of(), List.of(), List.of());
    IterationReport slow =
        new IterationReport(1, 1.25e12, 0.1234567, 5, 0, 0, Map.of("total", 3723.4), Map.of());
    IterationReport quick =
        new IterationReport(2, 123456.789, 0, 0, 0, 0, Map.of("total", 0.0123456), Map.of());

    String plain =
        PlainNumbers.html(
            Reports.of(0, new long[] {1}, List.of()),
            IterationSeries.of(List.of(slow, quick)),
            drift);

    assertThat(plain.replace(" class=\"number\"", ""))
        .contains("<td>far-rows<td>0.004333<td>0.0348\n", "<td>cost-ratio<td>2.5e9<td>1e-5<")
        .contains("<td>1<td>1.25e12<td>5<td>0.1235<td>0<td>1 h 2 min 3 s\n")
        .contains("<td>2<td>123,457<td>0<td>0<td>0<td>12.3 ms<");
  }

  @Test
  void shouldEscapeThePlainNumbers() {
    DriftCharts drift =
        new DriftCharts("</noscript><b>", List.of(), List.of(), List.of(), List.of());
    RunReport report = Reports.of(0, new long[] {1}, List.of());

    String plain = PlainNumbers.html(report, IterationSeries.of(List.of()), drift);

    assertThat(plain)
        .startsWith("<h1>fit: 1 row in 1 cluster</h1>")
        .contains("<td>&lt;/noscript&gt;&lt;b&gt;\n")
        .doesNotContain("<th>moved rows");
  }

  @Test
  void shouldReferToNothingOutsideTheFile() throws IOException {
    String html = html(2, 3, 5, List.of("http://evil.example/x.js"));

    assertThat(html)
        .doesNotContain("sourceMappingURL", "@import", "url(", " src=")
        .contains("default-src 'none'");
  }

  @Test
  void shouldDoWithOneClusterAndNoIterations() throws IOException {
    JsonNode data = data(html(0, 1, 5, List.of()));

    assertThat(data.path("map").isNull()).isTrue();
    assertThat(data.path("iterations").path("number")).isEmpty();
    assertThat(data.path("sizes").path("bins")).isNotEmpty();
  }

  @Test
  void shouldRefuseSizesOfOtherClusters() {
    Centroids centroids = Reports.centroids(3, 2, random);
    assertThatThrownBy(
            () ->
                new ReportPage(Reports.of(1, new long[2], List.of()), new long[2], centroids, null))
        .hasMessage("There are sizes of 2 clusters (expected 3, as centroids)");
  }

  @Test
  void shouldCountEveryClusterInOneBin() {
    for (int round = 0; round < 50; round++) {
      long[] sizes = Reports.sizes(1 + random.nextInt(300), random);
      if (round % 5 == 0) {
        sizes[0] = 1_000_000_000_000L;
      }
      SizeHistogram histogram = SizeHistogram.of(sizes);
      for (SizeHistogram.Bin bin : histogram.bins()) {
        assertThat(bin.clusters())
            .as("round %d, %s", round, bin)
            .isEqualTo(Arrays.stream(sizes).filter(s -> s >= bin.from() && s <= bin.to()).count());
      }
      assertThat(histogram.bins().stream().mapToLong(SizeHistogram.Bin::clusters).sum())
          .isEqualTo(sizes.length);
      assertThat(histogram.bins()).hasSizeLessThanOrEqualTo(34);
    }
  }

  @Test
  void shouldShowSharesOfBothRunsAsDrift() {
    DriftCharts drift =
        DriftCharts.of(
            "drifted",
            List.of(new DriftCharts.Measure("cost ratio", 1.4, 1.1)),
            new long[] {10, 30, 0},
            new long[] {50, 25, 25});

    assertThat(drift.cluster()).containsExactly(0, 1, 2);
    assertThat(drift.before()).containsExactly(0.25, 0.75, 0.0);
    assertThat(drift.after()).containsExactly(0.5, 0.25, 0.25);
  }
}
