package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.exact.SumScale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code flashlloyd bench}: device times of exact Lloyd iterations at the shapes of the
 * Flash-KMeans paper, on rows that are on the card already: Gaussian noise, rows as centroids.
 *
 * <pre>
 *   PaperBench [--suite paper|small] [--peer peer.jsonl] [--json out.jsonl] [--check] [--portable]
 *              [--only 0,2,...]
 * </pre>
 *
 * {@code --peer} takes the lines that the peer bench wrote in the same session: the table then
 * has its figures and ratios. {@code --check} compares each row's result with a pass that tries
 * every centroid in float64.
 */
public final class PaperBench {
  private static final int WARM = 5;
  private static final int RUNS = 9;

  /** float16 matrix product at 8192 cubed on an H200, the limit of a dense screen. */
  private static final double LIMIT_TFLOPS = 724;

  record Times(Map<String, Double> stages, Map<String, Double> host, double wall) {
    double stage(String name) {
      return stages.getOrDefault(name, 0.0);
    }

    double device() {
      return stages.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  private final CudaEngine engine;
  private final Map<String, String> peer;
  private final boolean check;

  private PaperBench(CudaEngine engine, Map<String, String> peer, boolean check) {
    this.engine = engine;
    this.peer = peer;
    this.check = check;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    Map<String, String> options = parse(args);
    Map<String, String> peer = new HashMap<>();
    if (options.containsKey("--peer")) {
      for (String line : Files.readAllLines(Path.of(options.get("--peer")))) {
        peer.put(
            "%s %s %s %s %s"
                .formatted(
                    field(line, "problems"),
                    field(line, "N"),
                    field(line, "K"),
                    field(line, "d"),
                    field(line, "dtype")),
            line);
      }
    }
    ScreenChoice screen =
        options.containsKey("--portable") ? ScreenChoice.PORTABLE : ScreenChoice.BEST;
    List<String> lines = new ArrayList<>();
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withScreen(screen))) {
      System.out.println(engine.description());
      PaperBench bench = new PaperBench(engine, peer, options.containsKey("--check"));
      for (BenchShape shape : shapes(options)) {
        lines.add(bench.run(shape));
      }
    }
    if (options.containsKey("--json")) {
      Files.write(Path.of(options.get("--json")), lines);
    }
  }

  private static List<BenchShape> shapes(Map<String, String> options) {
    if (options.containsKey("--only")) {
      return Arrays.stream(options.get("--only").split(","))
          .map(row -> BenchShape.PAPER.get(Integer.parseInt(row)))
          .toList();
    }
    boolean small = options.getOrDefault("--suite", "paper").equals("small");
    return small ? BenchShape.PAPER.subList(0, 3) : BenchShape.PAPER;
  }

  private static Map<String, String> parse(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--check", "--portable" -> options.put(args[i], "");
        case "--suite", "--peer", "--json", "--only" -> {
          if (i + 1 == args.length) {
            throw new IllegalArgumentException("Option " + args[i] + " has no value");
          }
          options.put(args[i], args[i + 1]);
          i++;
        }
        default ->
            throw new IllegalArgumentException(
                "Unknown option %s (expected --suite, --peer, --json, --check or --portable)"
                    .formatted(args[i]));
      }
    }
    return options;
  }

  /** A field of one flat line of JSON; empty where it is missing. */
  private static String field(String json, String name) {
    String key = '"' + name + "\": ";
    int begin = json.indexOf(key) + key.length();
    if (begin < key.length()) {
      return "";
    }
    int end = begin;
    while (end < json.length() && ",}".indexOf(json.charAt(end)) < 0) {
      end++;
    }
    return json.substring(begin, end).replace("\"", "");
  }

  private String run(BenchShape shape) {
    return shape.problems() > 1 ? runMany(shape) : runOne(shape);
  }

  private String runMany(BenchShape shape) {
    ProblemBench many = new ProblemBench(engine, shape);
    Times assign = median(many::timeAssign);
    Times whole = median(many::timeIteration);
    int[] left = engine.pipeline().scratch().readCounters(engine.work());
    String line = json(shape, assign, whole, left, 1, check ? many.verify() : "not checked");
    many.forget();
    System.out.println(line);
    return line;
  }

  private String runOne(BenchShape shape) {
    List<HostRows> chunks = shape.rows();
    Centroids rows = shape.centroids(chunks);
    SumScale scale = shape.scale(chunks);
    // Means, as all iterations but the first have: rows themselves are easier, float16 holds them.
    Centroids centroids =
        means(rows, pass(engine, chunks, PassPlan.lloyd(rows, null, scale)), scale);
    PassPlan assigning = PassPlan.assign(centroids, scale);
    Times assign = median(() -> timedPass(chunks, assigning));
    PassPlan lloyd = PassPlan.lloyd(centroids, centroids, scale);
    Times whole = median(() -> timedPass(chunks, lloyd));
    int[] left = engine.pipeline().scratch().readCounters(engine.work());
    String verdict = check ? verify(chunks, assigning, lloyd) : "not checked";
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      engine.forget(chunk);
    }
    String line = json(shape, assign, whole, left, chunks.size(), verdict);
    System.out.println(line);
    return line;
  }

  /** The means of clusters that have rows. */
  static Centroids means(Centroids centroids, PartialSums sums, SumScale scale) {
    float[] values = centroids.values().clone();
    for (int i = 0; i < values.length; i++) {
      long count = sums.counts()[i / centroids.dimension()];
      if (count != 0) {
        double sum = Math.scalb((double) sums.low()[i], -scale.exponent(i % centroids.dimension()));
        values[i] = (float) (sum / count);
      }
    }
    return new Centroids(values, centroids.k(), centroids.dimension());
  }

  private static Times median(Supplier<Times> run) {
    List<Times> runs = new ArrayList<>();
    for (int i = 0; i < WARM + RUNS; i++) {
      runs.add(run.get());
    }
    List<Times> warm = runs.subList(WARM, runs.size());
    Times middle = middle(warm, Comparator.comparingDouble(Times::device));
    Times wall = middle(warm, Comparator.comparingDouble(Times::wall));
    return new Times(middle.stages(), wall.host(), wall.wall());
  }

  private static Times middle(List<Times> runs, Comparator<Times> order) {
    return runs.stream().sorted(order).toList().get(runs.size() / 2);
  }

  private Times timedPass(List<HostRows> chunks, PassPlan plan) {
    long start = System.nanoTime();
    try (CudaPass pass = (CudaPass) engine.begin(plan)) {
      long begun = System.nanoTime();
      for (int chunk = 0; chunk < chunks.size(); chunk++) {
        var unused = pass.feed(chunk, chunks.get(chunk), null);
      }
      long fed = System.nanoTime();
      long rows = pass.finish().rows();
      double wall = (System.nanoTime() - start) / 1e6;
      if (rows != chunks.stream().mapToLong(HostRows::rows).sum()) {
        throw new IllegalStateException("The pass counted " + rows + " rows");
      }
      Map<String, Double> host = new LinkedHashMap<>();
      host.put("begin", (begun - start) / 1e6);
      host.put("feed", (fed - begun) / 1e6);
      host.putAll(pass.hostMillis());
      return new Times(millis(pass.stages()), host, wall);
    }
  }

  static Map<String, Double> millis(StageSeconds stages) {
    Map<String, Double> millis = new LinkedHashMap<>();
    stages.seconds().forEach((name, seconds) -> millis.put(name, 1e3 * seconds));
    return millis;
  }

  static PartialSums pass(CudaEngine engine, List<HostRows> chunks, PassPlan plan) {
    try (Pass pass = engine.begin(plan)) {
      for (int chunk = 0; chunk < chunks.size(); chunk++) {
        var unused = pass.feed(chunk, chunks.get(chunk), null);
      }
      return pass.finish();
    }
  }

  /** The same passes with every centroid tried in float64. */
  private String verify(List<HostRows> chunks, PassPlan assign, PassPlan lloyd) {
    PartialSums assigned = pass(engine, chunks, assign);
    PartialSums actual = pass(engine, chunks, lloyd);
    CudaOptions options = CudaOptions.device(0).withTierBytes(0).withScreen(ScreenChoice.NONE);
    try (CudaEngine oracle = CudaEngine.open(options)) {
      PartialSums expected =
          pass(oracle, chunks, PassPlan.lloyd(lloyd.centroids(), null, lloyd.scale()));
      return same(actual, assigned, expected) ? "equal" : "DIFFERENT";
    }
  }

  static boolean same(PartialSums actual, PartialSums assigned, PartialSums expected) {
    return Arrays.equals(actual.counts(), expected.counts())
        && Arrays.equals(actual.low(), expected.low())
        && Arrays.equals(actual.high(), expected.high())
        && Arrays.equals(actual.cost(), expected.cost())
        && Arrays.equals(assigned.counts(), expected.counts())
        && Arrays.equals(assigned.cost(), expected.cost());
  }

  private String json(
      BenchShape shape, Times assign, Times whole, int[] left, int chunks, String verdict) {
    double tflops = shape.flop() / whole.stage(StageSeconds.SCREEN) / 1e9;
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("shape", '"' + shape.key() + '"');
    fields.put("screen_ms", number(whole.stage(StageSeconds.SCREEN)));
    fields.put("screen_tflops", number(tflops));
    fields.put("screen_of_limit", number(tflops / LIMIT_TFLOPS));
    fields.put("sort_ms", number(whole.stage(StageSeconds.SORT)));
    fields.put("decide_and_sum_ms", number(whole.stage(StageSeconds.REFINE_AND_SUM)));
    fields.put("decide_ms", number(assign.stage(StageSeconds.REFINE_AND_SUM)));
    fields.put("resolve_ms", number(whole.stage(StageSeconds.REFINE)));
    fields.put("assign_ms", number(assign.device()));
    fields.put("iteration_ms", number(whole.device()));
    fields.put("wall_ms", number(whole.wall()));
    whole
        .host()
        .forEach((name, millis) -> fields.put("wall_" + name.replace(' ', '_'), number(millis)));
    fields.put("undecided", number(100.0 * left[0] * chunks / shape.n() / shape.problems()));
    fields.put("pairs_per_undecided", number(left[0] == 0 ? 0 : (double) left[1] / left[0]));
    fields.put("collected_rows", Integer.toString(left[3]));
    fields.put("exhaustive_rows", Integer.toString(left[2]));
    String other = peer.get(shape.key());
    if (other != null) {
      double peerAssign = Double.parseDouble(field(other, "assign_ms"));
      double peerIteration = Double.parseDouble(field(other, "iteration_ms"));
      fields.put("peer_assign_ms", number(peerAssign));
      fields.put("assign_ratio", number(peerAssign / assign.device()));
      fields.put("peer_iteration_ms", number(peerIteration));
      fields.put("iteration_ratio", number(peerIteration / whole.device()));
    }
    fields.put("check", '"' + verdict + '"');
    List<String> parts = new ArrayList<>();
    fields.forEach((name, value) -> parts.add('"' + name + "\": " + value));
    return "{" + String.join(", ", parts) + "}";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }
}
