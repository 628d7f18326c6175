package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkFile;
import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Chunks from disk, in the order they are wanted, the next ones being read while the visitor is at
 * this one. Owns what was read and not taken. Used by one thread; others read.
 */
final class ReadAhead implements AutoCloseable {
  /** Chunks that are read before they are wanted: two keep a disk busy. */
  static final int DEPTH = 2;

  private final Iterator<ChunkFile> upcoming;
  private final BufferAllocator allocator;
  private final Executor readers;
  private final Deque<CompletableFuture<VectorChunk>> reading = new ArrayDeque<>();

  ReadAhead(List<ChunkFile> files, BufferAllocator allocator, Executor readers) {
    this.upcoming = files.iterator();
    this.allocator = allocator;
    this.readers = readers;
  }

  /** The next chunk, now the caller's. */
  VectorChunk next() throws IOException {
    fill();
    CompletableFuture<VectorChunk> first = reading.remove();
    try {
      VectorChunk chunk = first.join();
      fill();
      return chunk;
    } catch (CompletionException e) {
      throw new IOException(
          "A spilled chunk cannot be read: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void fill() {
    while (reading.size() < DEPTH && upcoming.hasNext()) {
      ChunkFile file = upcoming.next();
      reading.add(CompletableFuture.supplyAsync(() -> read(file), readers));
    }
  }

  private VectorChunk read(ChunkFile file) {
    try {
      return file.read(allocator);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    for (CompletableFuture<VectorChunk> each : reading) {
      // What failed was not wanted any more, and gave its memory back itself.
      VectorChunk chunk = each.exceptionally(failure -> null).join();
      if (chunk != null) {
        chunk.close();
      }
    }
    reading.clear();
  }
}
