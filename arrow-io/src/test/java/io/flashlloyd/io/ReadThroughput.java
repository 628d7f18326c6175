package io.flashlloyd.io;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.hadoop.conf.Configuration;

/**
 * Prints how fast files are decoded into chunks, in MB of chunk per second of this thread's CPU
 * time, which other work on the machine disturbs least. Not a test: run {@code main} with the
 * URIs, each is read five times.
 */
final class ReadThroughput {
  private ReadThroughput() {}

  public static void main(String[] uris) throws IOException {
    Configuration hadoop = new Configuration();
    for (String uri : uris) {
      StringBuilder line = new StringBuilder(uri);
      for (int pass = 0; pass < 5; pass++) {
        line.append("  %.0f".formatted(megabytesPerSecond(uri, hadoop)));
      }
      System.out.println(line.append(" MB/s"));
    }
  }

  private static double megabytesPerSecond(String uri, Configuration hadoop) throws IOException {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long start = clock.getCurrentThreadCpuTime();
    long bytes = 0;
    VectorDataset dataset = VectorDataset.open(InputSpec.of(uri), hadoop);
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
    return bytes * 1e3 / (clock.getCurrentThreadCpuTime() - start);
  }
}
