package io.flashlloyd.engine.bench;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.cpu.CpuEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What bounds save from iteration to iteration: two engines side by side, one that uses them and
 * one that screens every row. {@code BoundsBenchmark ROWS.npy CENTROIDS.npy [ITERATIONS]} (version
 * 1, float32), or {@code BoundsBenchmark blobs ROWS DIMENSION K [ITERATIONS]}. All cores; the
 * second of two runs is printed, the first is for the JIT.
 */
public final class BoundsBenchmark {
  private static final int ITERATIONS = 20;
  private static final int HEADER = 10;

  private BoundsBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    boolean blobs = args[0].equals("blobs");
    List<HostRows> chunks;
    Centroids first;
    if (blobs) {
      int dimension = Integer.parseInt(args[2]);
      int k = Integer.parseInt(args[3]);
      Blobs made = new Blobs(Integer.parseInt(args[1]), dimension, 1);
      chunks = made.as(ElementType.FLOAT32);
      first = new Centroids(made.firstRows(k), k, dimension);
    } else {
      HostRows rows = read(Path.of(args[0]), -1);
      HostRows given = read(Path.of(args[1]), rows.dimension());
      float[] values = new float[given.rows() * given.dimension()];
      given.values().asFloatBuffer().get(values);
      chunks = List.of(rows);
      first = new Centroids(values, given.rows(), given.dimension());
    }
    int at = blobs ? 4 : 2;
    int iterations = args.length > at ? Integer.parseInt(args[at]) : ITERATIONS;
    run(chunks, first, iterations, false);
    run(chunks, first, iterations, true);
  }

  private static void run(List<HostRows> chunks, Centroids first, int iterations, boolean print) {
    try (CpuEngine all = engine("ignore");
        CpuEngine bounded = engine("use")) {
      EngineRun screening = new EngineRun(all, chunks, first);
      EngineRun using = new EngineRun(bounded, chunks, first);
      for (int iteration = 1; iteration <= iterations; iteration++) {
        double every = screening.iterate();
        double open = using.iterate();
        if (print) {
          System.out.printf(
              Locale.ROOT,
              "iteration %d: screened %.1f %%, %.4f s instead of %.4f: %.2f x%n",
              iteration,
              100 * using.screened(),
              open,
              every,
              every / open);
        }
      }
    }
  }

  private static CpuEngine engine(String bounds) {
    System.setProperty("flashlloyd.cpu.bounds", bounds);
    return new CpuEngine(Runtime.getRuntime().availableProcessors());
  }

  private static HostRows read(Path file, int dimension) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = HEADER + head.getShort(8);
    String[] shape =
        new String(bytes, HEADER, start - HEADER, StandardCharsets.US_ASCII)
            .replaceAll("(?s).*'shape': \\((\\d+), (\\d+)\\).*", "$1 $2")
            .split(" ");
    int columns = Integer.parseInt(shape[1]);
    if (dimension >= 0 && dimension != columns) {
      throw new IllegalArgumentException(
          "%s has dimension %d (expected %d, as the rows)".formatted(file, columns, dimension));
    }
    ByteBuffer values = ByteBuffer.allocateDirect(bytes.length - start);
    values.put(bytes, start, bytes.length - start);
    return new HostRows(values, Integer.parseInt(shape[0]), columns, ElementType.FLOAT32);
  }
}
