package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.SumScale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code flashlloyd bench}: device times of exact Lloyd iterations at the shapes of the
 * Flash-KMeans paper, on rows that are on the card already: Gaussian noise, rows as centroids.
 *
 * <p>Assign is a pass that only assigns, as the peer's does; "with costs" one that also measures
 * and counts every row. Full sums are what a pass with sums takes beyond one without, and the whole
 * sort, which both need; the peer's are its centroid update, likewise with its sort. Screen, sort,
 * decide and resolve are those of an iteration.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = StreamBench.class,
    header = "Time the GPU engine at the shapes of the Flash-KMeans paper, beside flash-kmeans.",
    description = {
      "",
      "Prints device times of each kernel and whole iterations, the card's limits and, of --peer,"
          + " the peer's times and ratios. Needs a GPU and no input; rows are Gaussian noise.",
      ""
    },
    footer = {
      "",
      "Example (the script is gpu-engine/src/bench/python/flash_kmeans_peer.py):",
      "  flash_kmeans_peer.py --json peer.jsonl",
      "  flashlloyd bench --suite paper --check --peer peer.jsonl --json ours.jsonl"
    })
public final class PaperBench implements Callable<Integer> {
  private static final int WARM = 5;
  private static final int RUNS = 9;

  /** float16 matrix product at 8192 cubed on an H200, the limit of a dense screen. */
  private static final double LIMIT_TFLOPS = 724;

  /** Bytes that a copy on an H200 reads and writes in a millisecond. */
  private static final double LIMIT_BYTES = 4.22e9;

  /** One in so many clusters changes its number for the sums of moved rows. */
  private static final int SWAPPED = 32;

  record Times(Map<String, Double> stages, Map<String, Double> host, double wall) {
    double stage(String name) {
      return stages.getOrDefault(name, 0.0);
    }

    double device() {
      return stages.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  enum Suite {
    PAPER,
    SMALL
  }

  @Option(
      names = "--suite",
      defaultValue = "paper",
      paramLabel = "NAME",
      description = "paper: every shape of its table; small: the first three. Default: paper.")
  private Suite suite;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "N",
      description = "Instead of a suite: rows of the paper's table, from 0.")
  private List<Integer> only;

  @Option(
      names = "--peer",
      paramLabel = "FILE",
      description = "What flash_kmeans_peer.py wrote in the same session on this card.")
  private Path peerFile;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write JSON, a line a shape.")
  private Path json;

  @Option(
      names = "--check",
      description = "Compare each shape with a pass that tries every centroid in float64.")
  private boolean check;

  @Option(names = "--portable", description = "The screen of cards before Hopper.")
  private boolean portable;

  @Option(
      names = "--tiles",
      description = "Try every tile shape instead; say how far the cost model's is from the best.")
  private boolean tiles;

  private final BenchTable table = new BenchTable();
  private BenchPeer peer = BenchPeer.none();
  private CudaEngine engine;

  /** See the class; the process ends with picocli's status. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    CommandLine bench = new CommandLine(new PaperBench());
    System.exit(bench.setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Optional<String> obstacle = CudaEngine.unavailable(0);
    if (obstacle.isPresent()) {
      System.err.println("The bench needs a GPU: " + obstacle.get());
      return 1;
    }
    if (peerFile != null) {
      peer = BenchPeer.read(peerFile);
    }
    ScreenChoice screen = portable ? ScreenChoice.PORTABLE : ScreenChoice.BEST;
    try (CudaEngine opened = CudaEngine.open(CudaOptions.device(0).withScreen(screen))) {
      engine = opened;
      System.out.println(engine.description());
      if (tiles) {
        new TileBench(engine).run(shapes());
        return 0;
      }
      shapes().forEach(this::run);
    }
    System.out.println(table.markdown());
    if (json != null) {
      Files.write(json, table.json());
    }
    return 0;
  }

  private List<BenchShape> shapes() {
    if (only != null) {
      return only.stream().map(BenchShape.PAPER::get).toList();
    }
    return suite == Suite.SMALL ? BenchShape.PAPER.subList(0, 3) : BenchShape.PAPER;
  }

  private void run(BenchShape shape) {
    Map<String, Object> line = shape.members() > 1 ? runMany(shape) : runOne(shape);
    System.out.println(BenchTable.json(line));
    table.add(line);
  }

  private Map<String, Object> runMany(BenchShape shape) {
    BatchBench many = new BatchBench(engine, shape);
    Times assign = median(many::timeAssign);
    Times whole = median(many::timeIteration);
    RowCounts left = engine.pipeline().scratch().readCounters(engine.work());
    Map<String, Object> line = line(shape, assign, assign, whole, left, 1);
    line.put("check", check ? many.verify() : "not checked");
    many.forget();
    return line;
  }

  private Map<String, Object> runOne(BenchShape shape) {
    List<HostRows> chunks = shape.rows();
    SumScale scale = shape.scale(chunks);
    Centroids centroids = laterCentroids(engine, shape, chunks, scale);
    PassPlan assigning = PassPlan.onlyAssign(centroids, scale);
    Times assign = median(() -> timedPass(engine, chunks, assigning));
    PassPlan measuring = PassPlan.assign(centroids, scale);
    Times measure = median(() -> timedPass(engine, chunks, measuring));
    PassPlan lloyd = PassPlan.lloyd(centroids, centroids, scale);
    Times whole = median(() -> timedPass(engine, chunks, lloyd));
    RowCounts left = engine.pipeline().scratch().readCounters(engine.work());
    Map<String, Object> line = line(shape, assign, measure, whole, left, chunks.size());
    addMoved(line, chunks, centroids, scale, measure);
    line.put("check", check ? verify(chunks, assigning, measuring, lloyd) : "not checked");
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      engine.forget(chunk);
    }
    return line;
  }

  /** Means, as all iterations but the first have: rows are easier, float16 holds them. */
  static Centroids laterCentroids(
      CudaEngine engine, BenchShape shape, List<HostRows> chunks, SumScale scale) {
    Centroids rows = shape.centroids(chunks);
    return means(rows, pass(engine, chunks, PassPlan.lloyd(rows, null, scale)), scale);
  }

  /** Passes between two sets of centroids of which some have each other's number. */
  private void addMoved(
      Map<String, Object> line,
      List<HostRows> chunks,
      Centroids centroids,
      SumScale scale,
      Times measure) {
    Centroids swapped = swapped(centroids);
    PassPlan there = new PassPlan(swapped, centroids, scale, Sums.MOVED);
    PassPlan back = new PassPlan(centroids, swapped, scale, Sums.MOVED);
    long moved = pass(engine, chunks, there).movedRows();
    boolean[] away = {true};
    Times times =
        median(
            () -> {
              away[0] = !away[0];
              return timedPass(engine, chunks, away[0] ? there : back);
            });
    line.put("moved_iteration_ms", times.device());
    line.put("moved_sums_ms", times.device() - measure.device());
    line.put("moved_rows", moved);
  }

  private static Centroids swapped(Centroids centroids) {
    float[] values = centroids.values().clone();
    int d = centroids.dimension();
    for (int c = 0; c + 1 < centroids.k(); c += 2 * SWAPPED) {
      System.arraycopy(centroids.values(), c * d, values, (c + 1) * d, d);
      System.arraycopy(centroids.values(), (c + 1) * d, values, c * d, d);
    }
    return new Centroids(values, centroids.k(), d);
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

  static Times median(Supplier<Times> run) {
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

  static Times timedPass(CudaEngine engine, List<HostRows> chunks, PassPlan plan) {
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
  private String verify(List<HostRows> chunks, PassPlan assign, PassPlan measure, PassPlan lloyd) {
    PartialSums measured = pass(engine, chunks, measure);
    PartialSums actual = pass(engine, chunks, lloyd);
    CudaOptions options = CudaOptions.device(0).withTierBytes(0).withScreen(ScreenChoice.NONE);
    try (CudaEngine oracle = CudaEngine.open(options)) {
      PartialSums expected =
          pass(oracle, chunks, PassPlan.lloyd(lloyd.centroids(), null, lloyd.scale()));
      return same(actual, measured, expected)
              && assignments(engine, chunks, assign).equals(assignments(oracle, chunks, assign))
          ? "equal"
          : "DIFFERENT";
    }
  }

  private static List<RowOutputs> assignments(
      CudaEngine engine, List<HostRows> chunks, PassPlan assign) {
    List<RowOutputs> outputs = new ArrayList<>();
    try (Pass pass = engine.begin(assign)) {
      for (int chunk = 0; chunk < chunks.size(); chunk++) {
        outputs.add(RowOutputs.assignments(chunks.get(chunk).rows()));
        var unused = pass.feed(chunk, chunks.get(chunk), outputs.get(chunk));
      }
      pass.finish();
    }
    return outputs;
  }

  static boolean same(PartialSums actual, PartialSums assigned, PartialSums expected) {
    return Arrays.equals(actual.counts(), expected.counts())
        && Arrays.equals(actual.low(), expected.low())
        && Arrays.equals(actual.high(), expected.high())
        && Arrays.equals(actual.cost(), expected.cost())
        && Arrays.equals(assigned.counts(), expected.counts())
        && Arrays.equals(assigned.cost(), expected.cost());
  }

  private Map<String, Object> line(
      BenchShape shape, Times assign, Times measure, Times whole, RowCounts left, int chunks) {
    double screen = whole.stage(StageSeconds.SCREEN);
    double decide = measure.stage(StageSeconds.REFINE_AND_SUM);
    double sum = whole.stage(StageSeconds.REFINE_AND_SUM) - decide;
    double fullSums = whole.stage(StageSeconds.SORT) + sum;
    double reading = shape.bytes() / LIMIT_BYTES;
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("shape", shape.key());
    line.put("screen_ms", screen);
    line.put("screen_tflops", shape.flop() / screen / 1e9);
    line.put("screen_of_limit", shape.flop() / screen / 1e9 / LIMIT_TFLOPS);
    line.put("sort_ms", whole.stage(StageSeconds.SORT));
    line.put("decide_ms", decide);
    line.put("decide_of_limit", reading / decide);
    line.put("sum_ms", sum);
    line.put("resolve_ms", whole.stage(StageSeconds.REFINE));
    line.put("assign_ms", assign.device());
    line.put("assign_measure_ms", measure.device());
    line.put("assign_limit_ms", Math.max(reading, shape.flop() / LIMIT_TFLOPS / 1e9));
    line.put("full_sums_ms", fullSums);
    line.put("full_sums_limit_ms", reading);
    line.put("full_sums_tbs", shape.bytes() / fullSums / 1e9);
    line.put("iteration_ms", whole.device());
    line.put("wall_ms", whole.wall());
    whole.host().forEach((name, millis) -> line.put("wall_" + name.replace(' ', '_'), millis));
    line.put("undecided_percent", 100.0 * left.undecided() * chunks / shape.n() / shape.members());
    line.put("collected_rows", left.collected());
    line.put("exhaustive_rows", left.exhaustive());
    addPeer(line, shape, "assign_ms", "peer_assign_ms", "assign_ratio", assign.device());
    addPeer(line, shape, "update_ms", "peer_update_ms", "full_sums_ratio", fullSums);
    addPeer(line, shape, "iteration_ms", "peer_iteration_ms", "iteration_ratio", whole.device());
    return line;
  }

  private void addPeer(
      Map<String, Object> line,
      BenchShape shape,
      String theirs,
      String as,
      String ratio,
      double ours) {
    peer.millis(shape.key(), theirs)
        .ifPresent(
            millis -> {
              line.put(as, millis);
              line.put(ratio, millis / ours);
            });
  }
}
