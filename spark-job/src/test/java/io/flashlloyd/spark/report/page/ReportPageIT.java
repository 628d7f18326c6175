package io.flashlloyd.spark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flashlloyd.spark.report.RunReport;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a headless Chromium. */
class ReportPageIT {
  /** A canvas's share of pixels that something was drawn on. */
  private static final String PAINTED =
      "[...document.querySelectorAll('canvas')].map(c => { const d = c.getContext('2d')"
          + ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
          + " for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return 4 * n / d.length; })";

  private static final String HEADINGS =
      "[...document.querySelectorAll('h3')].map(h => h.textContent).join()";

  @TempDir private static Path folder;
  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    Path program = Browser.program().orElse(null);
    Assumptions.assumeTrue(program != null, "skipped: there is no Chromium on the PATH");
    browser = Browser.open(program, folder);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static URI page(
      String name, int iterations, int k, List<String> inputs, DriftCharts drift) throws Exception {
    Random random = new Random(7);
    long[] sizes = Reports.sizes(k, random);
    RunReport report = Reports.of(iterations, sizes, inputs);
    ReportPage page = new ReportPage(report, sizes, Reports.centroids(k, 4, random), drift);
    return Files.writeString(folder.resolve(name + ".html"), Reports.html(page)).toUri();
  }

  /** Shown without complaint and without asking anybody for anything; the canvases hold ink. */
  private static void assertDrawn(Browser.Tab tab, URI page, int charts) throws Exception {
    assertThat(tab.complaints()).isEmpty();
    assertThat(tab.requests()).containsExactly(page.toString());
    JsonNode painted = tab.evaluate(PAINTED);
    assertThat(painted).hasSize(charts);
    assertThat(painted).allSatisfy(share -> assertThat(share.asDouble()).isBetween(0.005, 0.9));
    assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth").asBoolean())
        .as("nothing sticks out on the right")
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"400, light", "400, dark", "1400, light", "1400, dark"})
  void shouldDrawItsChartsAtAnyWidthInBothThemes(int width, String theme) throws Exception {
    URI page = page("plain", 20, 64, List.of("file:/data/vectors.npy"), null);
    Browser.Tab tab = browser.tab();

    tab.show(page, width, theme);

    assertDrawn(tab, page, 6);
    String ground = tab.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    assertThat(ground).isEqualTo(theme.equals("dark") ? "rgb(15, 19, 24)" : "rgb(246, 247, 249)");
    assertThat(tab.evaluate(HEADINGS).asText())
        .isEqualTo(
            "Training cost,Moved rows,Centroid shift,Map of the centroids,"
                + "Cluster sizes,Time by stage");
    assertThat(
            tab.evaluate("[...document.querySelectorAll('canvas')].every(c => c.ariaLabel)")
                .asBoolean())
        .isTrue();
  }

  @Test
  void shouldDrawTheLargestRunsQuickly() throws Exception {
    URI page = page("large", 1000, 262_144, List.of("s3a://bucket/vectors"), null);
    Browser.Tab tab = browser.tab();

    tab.show(page, 1400, "light");

    assertDrawn(tab, page, 6);
    assertThat(tab.evaluate("performance.getEntriesByType('navigation')[0].duration").asDouble())
        .as("milliseconds to load and draw")
        .isLessThan(20_000);
    assertThat(tab.evaluate("document.body.textContent").asText())
        .contains("One in 132 of 262,144 clusters, by size", "A bar is the mean of 13 iterations.");
  }

  @Test
  void shouldShowTheMainNumbersWithoutScripts() throws Exception {
    URI page = page("plain-numbers", 20, 64, List.of("file:/data/vectors.npy"), null);
    Browser.Tab tab = browser.tab();
    tab.disableScripts();

    tab.show(page, 400, "dark");

    assertDrawn(tab, page, 0);
    assertThat(tab.evaluate("document.querySelectorAll('td').length").asInt())
        .isEqualTo(6 + 20 * 6);
    assertThat(tab.evaluate("document.body.innerText").asText())
        .contains(" in 64 clusters", "training cost", "20, stopped by itself", "1,150,000")
        .contains("The charts are drawn with JavaScript.")
        .doesNotContain("<");
  }

  @Test
  void shouldShowHostileNamesAsText() throws Exception {
    List<String> names =
        List.of(
            "</script><script>document.title = 'owned'</script>",
            "<img src=x onerror=\"document.title='owned'\">",
            "<!--<script>{{script}}",
            "javascript:alert(1)//'\"`");
    URI page = page("hostile", 3, 5, names, null);
    Browser.Tab tab = browser.tab();

    tab.show(page, 1400, "light");

    assertDrawn(tab, page, 6);
    assertThat(tab.evaluate("document.title").asText()).startsWith("k-means: ");
    assertThat(tab.evaluate("document.images.length").asInt()).isZero();
    String text = tab.evaluate("document.body.innerText").asText();
    assertThat(text).contains(names);
  }

  @Test
  void shouldDrawDrift() throws Exception {
    DriftCharts drift =
        DriftCharts.of(
            "drifted",
            List.of(
                new DriftCharts.Measure("cost per row, ratio", 1.31, 1.1),
                new DriftCharts.Measure("population stability index", 0.04, 0.2),
                new DriftCharts.Measure("clusters emptied", 3, null)),
            Reports.sizes(64, new Random(1)),
            Reports.sizes(64, new Random(2)));
    URI page = page("drift", 0, 64, List.of(), drift);
    Browser.Tab tab = browser.tab();

    tab.show(page, 400, "dark");

    assertDrawn(tab, page, 4);
    assertThat(tab.evaluate("document.querySelector('.facts').innerText").asText())
        .contains("0\nthe initial centroids are the result")
        .doesNotContain("moving");
    assertThat(tab.evaluate("document.querySelector('.over').textContent").asText())
        .isEqualTo("over");
    assertThat(tab.evaluate("document.querySelectorAll('.within').length").asInt()).isEqualTo(1);
  }
}
