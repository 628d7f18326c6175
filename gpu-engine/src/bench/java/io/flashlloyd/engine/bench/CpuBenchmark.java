package io.flashlloyd.engine.bench;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.cpu.CpuEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The benchmark's main: {@code CpuBenchmark FOLDER THREADS REPEATS SCALE SHAPES [-- PEER
 * COMMAND]...}. Data, and {@code cpu-benchmark.json}, go to FOLDER; SCALE divides the rows, 1 for
 * the real thing; SHAPES is a regular expression, found in the names of the shapes to measure.
 */
public final class CpuBenchmark {
  private static final long SEED = 20261122;

  private CpuBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    int threads = Integer.parseInt(args[1]);
    int repeats = Integer.parseInt(args[2]);
    int scale = Integer.parseInt(args[3]);
    Pattern chosen = Pattern.compile(args[4]);
    List<Peer> peers = peers(args);
    RawFma.warmUp();
    List<Measured> all = new ArrayList<>();
    for (List<Shape> published : shapes(scale)) {
      List<Shape> alike =
          published.stream().filter(shape -> chosen.matcher(shape.name()).find()).toList();
      if (alike.isEmpty()) {
        continue;
      }
      Shape first = alike.get(0);
      Blobs blobs = new Blobs(first.rows(), first.dimension(), SEED);
      Path file = folder.resolve("blobs-%d-%d.npy".formatted(first.rows(), first.dimension()));
      blobs.write(file);
      for (Shape shape : alike) {
        System.out.println(shape.name());
        all.add(ours(blobs, shape, threads, repeats, "ignore"));
        all.add(ours(blobs, shape, threads, repeats, "use"));
        if (shape.type() == ElementType.FLOAT32) {
          for (Peer peer : peers) {
            for (Measured found : peer.measure(file, shape, threads, repeats)) {
              all.add(found);
              System.out.printf(
                  Locale.ROOT,
                  "  %s: %.3f s, %.0f GFLOP/s%n",
                  found.contestant(),
                  found.median(),
                  found.rate());
            }
          }
        }
      }
      Files.delete(file);
    }
    System.out.print(Report.table(all));
    Files.writeString(folder.resolve("cpu-benchmark.json"), Report.json(all, threads));
  }

  /** Shapes of one data set each. */
  private static List<List<Shape>> shapes(int scale) {
    int many = 1_000_000 / scale;
    int few = 200_000 / scale;
    return List.of(
        List.of(
            new Shape(many, 128, 256, ElementType.FLOAT32),
            new Shape(many, 128, 1024, ElementType.FLOAT32),
            new Shape(many, 128, 1024, ElementType.FLOAT16),
            new Shape(many, 128, 1024, ElementType.UINT8)),
        List.of(new Shape(few, 768, 1024, ElementType.FLOAT32)));
  }

  /**
   * @param bounds whether an iteration uses those of the one before, or screens every row
   */
  private static Measured ours(
      Blobs blobs, Shape shape, int threads, int repeats, String bounds) {
    System.setProperty("flashlloyd.cpu.bounds", bounds);
    try (CpuEngine engine = new CpuEngine(threads)) {
      var chunks = blobs.as(shape.type());
      float[] first = new float[shape.k() * shape.dimension()];
      for (int i = 0; i < first.length; i++) {
        first[i] = chunks.get(0).get(i / shape.dimension(), i % shape.dimension());
      }
      Centroids start = new Centroids(first, shape.k(), shape.dimension());
      EngineRun run = new EngineRun(engine, chunks, start);
      String name = bounds.equals("use") ? "flash-lloyd cpu" : "flash-lloyd, no bounds";
      Measured found = run.measure(name, shape, repeats, threads);
      System.out.printf(
          Locale.ROOT,
          "  %s, bounds %s: %.3f s, %.0f GFLOP/s of %.0f; iteration %d screened %.1f %%"
              + " of the rows%n",
          engine.description(),
          bounds,
          found.median(),
          found.rate(),
          found.raw(),
          run.iterations(),
          100 * run.screened());
      return found;
    }
  }

  private static List<Peer> peers(String[] args) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 5; i < args.length; i++) {
      if (args[i].equals("--")) {
        peers.add(new Peer(new ArrayList<>()));
      } else {
        peers.get(peers.size() - 1).command().add(args[i]);
      }
    }
    return peers;
  }
}
