package io.flashlloyd.spark.report.page;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.InputFiles;
import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.RunReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Reports of runs that never ran, of any size. */
final class Reports {
  private Reports() {}

  static RunReport of(int iterations, long[] sizes, List<String> inputs) {
    List<IterationReport> list = new ArrayList<>();
    for (int i = 1; i <= iterations; i++) {
      Map<String, Double> stages = new LinkedHashMap<>();
      stages.put("screen", 0.2);
      stages.put("refine", 0.01);
      stages.put("sum", 0.05 + 0.01 / i);
      stages.put("reduce", 0.02);
      list.add(
          new IterationReport(
              i,
              1e6 + 3e5 / i,
              2.5 / i,
              100_000 / i - 100_000 / iterations,
              0,
              0,
              Map.of("total", 0.2),
              stages));
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("k", sizes.length);
    parameters.put("column", null);
    return RunReport.of(
        new RunReport.Asked(
            "fit",
            sizes.length,
            parameters,
            Map.of("flashlloyd", "1", "spark", "4", "java", "17"),
            null),
        new RunReport.Input(
            Arrays.stream(sizes).sum(),
            128,
            "float32",
            inputs,
            new InputFiles(inputs.size(), 0, Map.of())),
        new RunReport.Outcome(sizes.length, true, list, 1e6, ClusterSizes.of(sizes)),
        new RunReport.Work(
            "cpu: 2 threads",
            Map.of("read", 1.0, "assign", 2.0, "total", 12.0),
            new RunReport.PassStages(Map.of("read", 0.5, "decode", 0.7), Map.of("screen", 1.0))),
        null);
  }

  static long[] sizes(int k, Random random) {
    return random.longs(k, 0, 5000).map(x -> x * x / 5000).toArray();
  }

  static Centroids centroids(int k, int dimension, Random random) {
    float[] values = new float[k * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (i % dimension == 3 ? 5 : 1));
    }
    return new Centroids(values, k, dimension);
  }

  static String html(ReportPage page) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    page.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
