package io.flashlloyd.spark.plan;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorReaders;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.spark.report.Counts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;

/** The CPU engine of this machine, measured on a small part of the shape. */
final class CpuRate implements EngineRate {
  /** Operations of one measured pass: about a quarter of a second on two cores. */
  private static final double PASS_FLOPS = 6e10;

  private static final int MOST_ROWS = 1_000_000;

  /** Coordinates of the centroids that are measured with; more clusters take so many times that. */
  private static final int MOST_COORDINATES = 1 << 22;

  /** Coordinates of the rows: more than caches hold, 64 MiB at most, for a heap may be small. */
  private static final int MOST_ROW_COORDINATES = 1 << 24;

  private static final int LEAST_ROWS = 512;

  /** The first passes are slower, and short ones longer so: the JIT compiler is still at it. */
  private static final int PASSES = 6;

  private static final double SECONDS = 4;

  private final int threads;

  CpuRate(int threads) {
    this.threads = threads;
  }

  @Override
  public double seconds(Shape shape) {
    Shape part = part(shape);
    return measure(part) * shape.rows() / part.k() * shape.k();
  }

  /** What is measured of a shape. */
  static Shape part(Shape shape) {
    int k = Math.max(1, Math.min(shape.k(), MOST_COORDINATES / shape.dimension()));
    double wanted = PASS_FLOPS / (2.0 * k * shape.dimension());
    long rows = (long) Math.max(LEAST_ROWS, Math.min(MOST_ROWS, wanted));
    return new Shape(rows, shape.dimension(), shape.type(), k);
  }

  /** Rows that are made of a part: a pass takes them again and again where it has more. */
  static long made(Shape part) {
    return Math.min(part.rows(), Math.max(1, MOST_ROW_COORDINATES / part.dimension()));
  }

  /** Seconds a row. */
  private double measure(Shape part) {
    HostRows rows = rows(made(part), part);
    long feeds = (part.rows() + rows.rows() - 1) / rows.rows();
    RowStatistics statistics = new RowStatistics(part.dimension());
    for (long chunk = 0; chunk < feeds; chunk++) {
      statistics.add(rows);
    }
    SumScale scale = SumScale.of(statistics);
    Centroids centroids = centroids(part);
    double best = Double.POSITIVE_INFINITY;
    try (LloydEngine engine = Engines.open("cpu", threads)) {
      double all = 0;
      for (int i = 0; i < PASSES || all < SECONDS; i++) {
        long start = System.nanoTime();
        // No previous centroids: from those the engine would know most rows' centroid unseen.
        try (Pass pass = engine.begin(PassPlan.lloyd(centroids, null, scale))) {
          for (long chunk = 0; chunk < feeds; chunk++) {
            pass.feed(chunk, rows, null).join();
          }
          pass.finish();
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        best = Math.min(best, seconds);
        all += seconds;
      }
    }
    return best / (feeds * rows.rows());
  }

  /** The first rows that {@code measure} would make up of this shape: they lie in clusters. */
  private static HostRows rows(long count, Shape shape) {
    int bytes = Math.toIntExact(count * shape.rowBytes());
    ByteBuffer values = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Configuration hadoop = new Configuration(false);
    InputSpec spec =
        InputSpec.of(
            "synthetic:rows=%d,dim=%d,dtype=%s"
                .formatted(count, shape.dimension(), name(shape.type())));
    try (BufferAllocator memory = ChunkAllocator.root(2 * InputSpec.MAX_CHUNK_BYTES)) {
      VectorDataset dataset = VectorDataset.open(spec, hadoop);
      for (VectorSplit split : dataset.splits()) {
        try (ChunkReader reader = VectorReaders.open(dataset, split, hadoop, memory)) {
          for (VectorChunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
            values.put(chunk.values().duplicate().rewind());
            chunk.close();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return new HostRows(values.flip(), Math.toIntExact(count), shape.dimension(), shape.type());
  }

  private static String name(ElementType type) {
    return switch (type) {
      case FLOAT32 -> "f32";
      case FLOAT16 -> "f16";
      case UINT8 -> "u8";
      case INT8 -> "i8";
    };
  }

  /** Rows, as initial centroids are. */
  private static Centroids centroids(Shape part) {
    HostRows rows = rows(part.k(), part);
    float[] values = new float[Math.multiplyExact(part.k(), part.dimension())];
    float[] row = new float[part.dimension()];
    for (int i = 0; i < part.k(); i++) {
      rows.copyRow(i, row);
      System.arraycopy(row, 0, values, i * row.length, row.length);
    }
    return new Centroids(values, part.k(), part.dimension());
  }

  /** The CPU reads rows where host memory has them. */
  @Override
  public double residentRowBytes(Shape shape) {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String name() {
    return "CPU of this machine, %s, measured now".formatted(Counts.of(threads, "thread"));
  }
}
