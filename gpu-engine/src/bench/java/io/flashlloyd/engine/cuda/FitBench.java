package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RunningSums;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.SumScale;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * {@code FitBench DATA N D TYPE K ITERATIONS [--warm] [FILE]}: a whole fit from random rows on rows
 * that are on the card, once with every row screened and once with bounds, iteration by iteration:
 * the same bits, and device times. DATA is {@code noise}, {@code blobs:COUNT} (σ 0.7 around
 * Gaussian centres) or {@code FILE.npy} of float32 rows, each repeated with noise of 0.3 of its
 * coordinate's deviation. FILE takes the first centroids and the rows, raw, for a peer; {@code
 * --warm} starts again from where the fit ended, with some new rows.
 */
public final class FitBench {
  private static final int CHUNK_BYTES = 1 << 30;
  private static final int PART = 1 << 12;
  private static final int NPY_HEADER = 128;

  private final CudaEngine engine;
  private final List<HostRows> chunks;
  private final SumScale scale;
  private final List<PartialSums> expected = new ArrayList<>();
  private Centroids last;

  private FitBench(CudaEngine engine, List<HostRows> chunks, SumScale scale) {
    this.engine = engine;
    this.chunks = chunks;
    this.scale = scale;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    if (args.length < 6) {
      throw new IllegalArgumentException(
          "Arguments %s (expected DATA N D TYPE K ITERATIONS [--warm] [FILE])"
              .formatted(Arrays.toString(args)));
    }
    int k = Integer.parseInt(args[4]);
    int iterations = Integer.parseInt(args[5]);
    BenchShape shape =
        new BenchShape(
            Integer.parseInt(args[1]), k, Integer.parseInt(args[2]), ElementType.valueOf(args[3]));
    boolean warm = args.length > 6 && args[6].equals("--warm");
    List<HostRows> chunks = rows(args[0], shape);
    SumScale scale = shape.scale(chunks);
    Centroids first = randomRows(chunks, k);
    if (args.length > 6 && !warm) {
      dump(Path.of(args[6]), first, chunks);
    }
    System.out.printf("%s n=%d d=%d %s K=%d%n", args[0], shape.n(), shape.d(), shape.type(), k);
    double[] dense = null;
    List<PartialSums> sums = List.of();
    for (BoundsChoice choice : List.of(BoundsChoice.IGNORE, BoundsChoice.USE)) {
      try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withBounds(choice))) {
        FitBench bench = new FitBench(engine, chunks, scale);
        System.out.println("bounds " + choice);
        double[] millis = bench.fit(first, iterations, sums);
        dense = dense == null ? millis : dense;
        sums = bench.expected;
        compare(millis, dense, iterations / 2);
        compare(millis, dense, iterations);
        if (warm && choice == BoundsChoice.USE) {
          bench.startAgain(shape, iterations);
        }
      }
    }
  }

  private static void compare(double[] ours, double[] dense, int end) {
    double with = Arrays.stream(ours, 0, end).sum();
    double without = Arrays.stream(dense, 0, end).sum();
    System.out.printf(
        Locale.ROOT,
        "%d iterations: device %.1f ms, dense %.1f ms, %.2f x%n",
        end,
        with,
        without,
        without / with);
  }

  /** Five iterations from the centroids that a fit ended with, on rows of which 2 % are new. */
  private void startAgain(BenchShape shape, int iterations) {
    int row = 0;
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      engine.forget(chunk);
      HostRows rows = chunks.get(chunk);
      for (int to = 0; to < rows.rows(); to += 50, row++) {
        int from = (int) (row * 7919L % rows.rows());
        for (int t = 0; t < shape.d(); t++) {
          // Between two others.
          float value = 0.5f * (rows.get(from, t) + rows.get(to, t));
          SyntheticRows.put(rows.values(), to * shape.d() + t, shape.type(), value);
        }
      }
    }
    expected.clear();
    double[] millis = fit(last, 5, List.of());
    System.out.printf(
        Locale.ROOT,
        "started again: 5 iterations %.1f ms, the first %.1f, %.2f x%n",
        Arrays.stream(millis).sum(),
        millis[0],
        Arrays.stream(millis).sum() / millis[0]);
  }

  /** Device milliseconds of each iteration; two untimed ones before. */
  private double[] fit(Centroids first, int iterations, List<PartialSums> compare) {
    // All that allocates: without bounds, and with some.
    PaperBench.pass(engine, chunks, PassPlan.lloyd(first, null, scale));
    PaperBench.pass(engine, chunks, new PassPlan(first, first, scale, Sums.MOVED));
    RunningSums running = new RunningSums();
    double[] millis = new double[iterations];
    Centroids previous = null;
    Centroids now = first;
    for (int i = 0; i < iterations; i++) {
      PassPlan plan = running.plan(now, previous, scale);
      long start = System.nanoTime();
      PartialSums found;
      PaperBench.Times times;
      long kept;
      try (CudaPass pass = (CudaPass) engine.begin(plan)) {
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
          var unused = pass.feed(chunk, chunks.get(chunk), null);
        }
        found = running.take(pass.finish());
        double wall = (System.nanoTime() - start) / 1e6;
        times = new PaperBench.Times(PaperBench.millis(pass.stages()), pass.hostMillis(), wall);
        kept = pass.unscreenedRows();
      }
      millis[i] = times.device();
      RowCounts last = engine.pipeline().scratch().readCounters(engine.work());
      System.out.printf(
          Locale.ROOT,
          "  %2d %s moved %.4f screened %.4f device %.2f wall %.2f %s %s%n",
          i,
          plan.sums(),
          (double) found.movedRows() / found.rows(),
          1 - (double) kept / found.rows(),
          millis[i],
          times.wall(),
          stages(times),
          last);
      if (i < compare.size() && !PaperBench.same(found, found, compare.get(i))) {
        throw new IllegalStateException(
            "Iteration " + i + " has other bits than with every row screened");
      }
      expected.add(found);
      previous = now;
      now = PaperBench.means(now, found, scale);
    }
    last = now;
    return millis;
  }

  private static String stages(PaperBench.Times times) {
    StringBuilder text = new StringBuilder();
    times
        .stages()
        .forEach((name, ms) -> text.append(String.format(Locale.ROOT, "%s %.2f ", name, ms)));
    return text.toString();
  }

  private static List<HostRows> rows(String data, BenchShape shape) throws IOException {
    if (data.equals("noise")) {
      return shape.rows();
    }
    int d = shape.d();
    float[] centres;
    float[] deviations = new float[d];
    if (data.startsWith("blobs:")) {
      centres = new float[Integer.parseInt(data.substring(6)) * d];
      SplittableRandom random = new SplittableRandom(5);
      for (int i = 0; i < centres.length; i++) {
        centres[i] = (float) random.nextGaussian();
      }
      Arrays.fill(deviations, 0.7f);
    } else {
      centres = readNpy(Path.of(data));
      for (int t = 0; t < d; t++) {
        deviations[t] = 0.3f * deviation(centres, t, d);
      }
    }
    int blobs = centres.length / d;
    List<HostRows> chunks = new ArrayList<>();
    int chunkRows = Math.min(shape.n(), CHUNK_BYTES / (d * shape.type().bytes()));
    for (int first = 0; first < shape.n(); first += chunkRows) {
      int count = Math.min(chunkRows, shape.n() - first);
      ByteBuffer values =
          ByteBuffer.allocateDirect(count * d * shape.type().bytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      int offset = first;
      IntStream.range(0, KernelShapes.ceilDiv(count, PART))
          .parallel()
          .forEach(
              part -> {
                SplittableRandom random = new SplittableRandom(offset * 31L + part);
                for (int row = part * PART; row < Math.min(count, (part + 1) * PART); row++) {
                  int blob = (int) ((offset + row) * 2654435761L % blobs);
                  for (int t = 0; t < d; t++) {
                    float value =
                        centres[blob * d + t] + deviations[t] * (float) random.nextGaussian();
                    SyntheticRows.put(values, row * d + t, shape.type(), value);
                  }
                }
              });
      chunks.add(new HostRows(values, count, d, shape.type()));
    }
    return chunks;
  }

  private static float deviation(float[] values, int t, int d) {
    double sum = 0;
    double squares = 0;
    int rows = values.length / d;
    for (int i = t; i < values.length; i += d) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    return (float) Math.sqrt(squares / rows - sum / rows * sum / rows);
  }

  private static float[] readNpy(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[(bytes.capacity() - NPY_HEADER) / 4];
    bytes.position(NPY_HEADER).asFloatBuffer().get(values);
    return values;
  }

  private static Centroids randomRows(List<HostRows> chunks, int k) {
    int d = chunks.get(0).dimension();
    SplittableRandom random = new SplittableRandom(11);
    float[] values = new float[k * d];
    for (int cluster = 0; cluster < k; cluster++) {
      HostRows chunk = chunks.get(random.nextInt(chunks.size()));
      int row = random.nextInt(chunk.rows());
      for (int t = 0; t < d; t++) {
        values[cluster * d + t] = chunk.get(row, t);
      }
    }
    return new Centroids(values, k, d);
  }

  private static void dump(Path file, Centroids first, List<HostRows> chunks) throws IOException {
    try (OutputStream out = Files.newOutputStream(Path.of(file + ".centroids"))) {
      ByteBuffer bytes =
          ByteBuffer.allocate(4 * first.values().length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(first.values());
      WritableByteChannel channel = Channels.newChannel(out);
      channel.write(bytes);
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (HostRows chunk : chunks) {
        ByteBuffer values = chunk.values().duplicate();
        values.clear();
        while (values.hasRemaining()) {
          out.write(values);
        }
      }
    }
  }
}
