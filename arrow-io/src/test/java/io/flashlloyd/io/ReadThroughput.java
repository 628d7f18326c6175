package io.flashlloyd.io;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;

/**
 * Prints how fast files are decoded into chunks, in MB of chunk and thousands of rows per second of
 * this thread's CPU time, which other work on the machine disturbs least: the best of five times.
 * Not a test: run {@code main} with URIs, or with none for 100,000 x 128 in files of every kind.
 */
final class ReadThroughput {
  private static final int ROWS = 100_000;
  private static final int DIMENSION = 128;

  private ReadThroughput() {}

  public static void main(String[] uris) throws IOException {
    Configuration hadoop = new Configuration();
    List<String> inputs = Arrays.asList(uris);
    if (inputs.isEmpty()) {
      Path folder = Files.createTempDirectory("throughput");
      inputs =
          new ThroughputFiles(folder, ROWS, DIMENSION)
              .write().stream().map(Path::toString).toList();
    }
    for (String uri : inputs) {
      InputSpec spec =
          new InputSpec(List.of(uri), null, null, null, true, InputSpec.DEFAULT_CHUNK_BYTES);
      Speed best = new Speed(0, 0);
      for (int pass = 0; pass < 5; pass++) {
        Speed speed = read(spec, hadoop);
        best = speed.rows() > best.rows() ? speed : best;
      }
      System.out.printf(
          Locale.ROOT,
          "%6.0f MB/s  %7.0f rows/ms  %s%n",
          best.bytes() / 1e6,
          best.rows() / 1e3,
          uri);
    }
  }

  /** Both per second. */
  private record Speed(double rows, double bytes) {}

  private static Speed read(InputSpec spec, Configuration hadoop) throws IOException {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long start = clock.getCurrentThreadCpuTime();
    long bytes = 0;
    VectorDataset dataset = VectorDataset.open(spec, hadoop);
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (VectorSplit split : dataset.splits()) {
        try (ChunkReader reader = VectorReaders.open(dataset, split, hadoop, allocator)) {
          for (VectorChunk next = reader.next(); next != null; next = reader.next()) {
            bytes += next.bytes();
            next.close();
          }
        }
      }
    }
    double seconds = (clock.getCurrentThreadCpuTime() - start) / 1e9;
    return new Speed(dataset.rows() / seconds, bytes / seconds);
  }
}
