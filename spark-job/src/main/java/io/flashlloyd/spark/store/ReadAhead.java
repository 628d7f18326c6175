package io.flashlloyd.spark.store;

import io.flashlloyd.io.ChunkFile;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.spark.store.StoredSplit.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongPredicate;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Chunks from disk, in the order they are wanted, the next ones being read while the visitor is at
 * this one. What an engine has kept is not read. Owns what was read and not taken. Used by one
 * thread; others read.
 */
final class ReadAhead implements AutoCloseable {
  /** Chunks that are read before they are wanted: two keep a disk busy. */
  static final int DEPTH = 2;

  /** The memory that chunks are read into. */
  interface Memory {
    /** Takes room for a chunk that may stay; false where there is none. */
    boolean reserve(long bytes);

    /** Gives back what {@link #reserve} took. */
    void giveBack(long bytes);

    /**
     * Where its bytes come from.
     *
     * @param stays whether there is room for it
     */
    BufferAllocator allocator(boolean stays);
  }

  /** A chunk, and whether room was taken for it to stay; both are the caller's. */
  record Taken(VectorChunk chunk, boolean stays) {}

  private record Reading(ChunkFile file, boolean stays, CompletableFuture<VectorChunk> chunk) {}

  private final Iterator<Place> upcoming;
  private final LongPredicate resident;
  private final Memory memory;
  private final Executor readers;
  private final Deque<Reading> reading = new ArrayDeque<>();

  /**
   * @param places in the order they will be asked for; those that have a file
   * @param resident whether a chunk of this number will not be asked for, as far as can be said
   */
  ReadAhead(List<Place> places, LongPredicate resident, Memory memory, Executor readers) {
    this.upcoming = places.iterator();
    this.resident = resident;
    this.memory = memory;
    this.readers = readers;
  }

  /** Whether this file, the next in order, is read or being read. */
  boolean has(ChunkFile file) {
    fill();
    return !reading.isEmpty() && reading.peek().file() == file;
  }

  /** The chunk of this file, the next in order. */
  Taken take(ChunkFile file) throws IOException {
    if (!has(file)) {
      return new Taken(file.read(memory.allocator(false)), false);
    }
    Reading first = reading.peek();
    try {
      VectorChunk chunk = first.chunk().join();
      reading.remove();
      fill();
      return new Taken(chunk, first.stays());
    } catch (CompletionException e) {
      throw new IOException(
          "A spilled chunk cannot be read: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private void fill() {
    while (reading.size() < DEPTH && upcoming.hasNext()) {
      Place place = upcoming.next();
      if (!resident.test(place.id())) {
        ChunkFile file = place.file();
        boolean stays = memory.reserve(file.bytes());
        reading.add(
            new Reading(
                file, stays, CompletableFuture.supplyAsync(() -> read(file, stays), readers)));
      }
    }
  }

  private VectorChunk read(ChunkFile file, boolean stays) {
    try {
      return file.read(memory.allocator(stays));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    for (Reading each : reading) {
      // What failed was not wanted any more, or is on its way to the caller already, and gave its
      // memory back itself.
      VectorChunk chunk = each.chunk().exceptionally(failure -> null).join();
      if (chunk != null) {
        chunk.close();
      }
      if (each.stays()) {
        memory.giveBack(each.file().bytes());
      }
    }
    reading.clear();
  }
}
