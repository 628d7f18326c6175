package io.flashlloyd.spark.run;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;

/**
 * Distances on their way to their clusters: one block of memory for each range of clusters is being
 * filled, full ones wait in memory up to a bound, the others in one local file. A row is a long:
 * the cluster, then the distance's bits, so that longs are in the order of clusters and distances
 * (which are not negative). One thread at a time.
 */
final class DistanceSpool implements AutoCloseable {
  private static final int BLOCK = 1 << 13;

  /** A full block: here, or at a place of the file. */
  @SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
  private record Block(long[] rows, long position) {}

  private final long memoryBytes;
  private final long[][] filling;
  private final int[] filled;
  private final List<List<Block>> full;
  private long inMemory;
  private File file;
  private FileChannel channel;
  private long written;

  /**
   * @param count slices
   * @param memoryBytes what full blocks may take of the heap
   */
  DistanceSpool(int count, long memoryBytes) {
    this.memoryBytes = memoryBytes;
    this.filling = new long[count][];
    this.filled = new int[count];
    this.full =
        IntStream.range(0, count).mapToObj(slice -> (List<Block>) new ArrayList<Block>()).toList();
  }

  static long row(int cluster, float distance) {
    return (long) cluster << 32 | (Float.floatToRawIntBits(distance) & 0xffffffffL);
  }

  static int cluster(long row) {
    return (int) (row >>> 32);
  }

  static float distance(long row) {
    return Float.intBitsToFloat((int) row);
  }

  /** Takes the rows from index {@code from} to {@code end} (exclusive), all of one slice. */
  void add(int slice, long[] rows, int from, int end) throws IOException {
    if (filling[slice] == null) {
      filling[slice] = new long[BLOCK];
    }
    for (int at = from; at < end; ) {
      int count = Math.min(end - at, BLOCK - filled[slice]);
      System.arraycopy(rows, at, filling[slice], filled[slice], count);
      at += count;
      filled[slice] += count;
      if (filled[slice] == BLOCK) {
        full.get(slice).add(keep(filling[slice]));
        filled[slice] = 0;
      }
    }
  }

  private Block keep(long[] rows) throws IOException {
    if (inMemory + (long) BLOCK * Long.BYTES <= memoryBytes) {
      inMemory += (long) BLOCK * Long.BYTES;
      return new Block(rows.clone(), 0);
    }
    if (channel == null) {
      // Spark removes its local folders where a process ends, and this file with them.
      file = SparkEnv.get().blockManager().diskBlockManager().createTempLocalBlock()._2();
      channel =
          FileChannel.open(
              file.toPath(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    }
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Long.BYTES);
    bytes.asLongBuffer().put(rows);
    long position = written;
    while (bytes.hasRemaining()) {
      written += channel.write(bytes, written);
    }
    return new Block(null, position);
  }

  /** All rows of a slice, in no order. */
  Stream<long[]> blocks(int slice) {
    List<Block> blocks = full.get(slice);
    long[] last = filled[slice] == 0 ? null : Arrays.copyOf(filling[slice], filled[slice]);
    return IntStream.rangeClosed(0, blocks.size())
        .mapToObj(i -> i < blocks.size() ? rows(blocks.get(i)) : last)
        .filter(Objects::nonNull);
  }

  private long[] rows(Block block) {
    if (block.rows() != null) {
      return block.rows();
    }
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Long.BYTES);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, block.position() + bytes.position()) < 0) {
          throw new IOException(file + " ends too early; was it cut by another program?");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    long[] rows = new long[BLOCK];
    bytes.flip().asLongBuffer().get(rows);
    return rows;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      Files.deleteIfExists(file.toPath());
    }
  }
}
