package io.flashlloyd.spark.store;

import io.flashlloyd.io.ChunkFile;
import io.flashlloyd.spark.store.ChunkStore.SplitKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A split of which every chunk is kept, in memory or on disk. Guarded by {@link StoredSplits}. */
final class StoredSplit {
  /**
   * One chunk, in exactly one place.
   *
   * @param memory null where it is on disk
   * @param file null where it is in memory
   */
  record Place(long id, StoredChunk memory, ChunkFile file) {
    int rows() {
      return memory != null ? memory.rows().rows() : file.rows();
    }
  }

  private final SplitKey key;
  private final List<Place> places = new ArrayList<>();
  private long memoryBytes;
  private long diskBytes;

  /** Scans that are reading it. */
  int users;

  /** Nobody may find it any more: it goes when the last user has let go. */
  boolean dropped;

  StoredSplit(SplitKey key) {
    this.key = key;
  }

  SplitKey key() {
    return key;
  }

  void add(StoredChunk chunk) {
    places.add(new Place(chunk.id(), chunk, null));
    memoryBytes += chunk.memory().bytes();
  }

  void add(long id, ChunkFile file) {
    places.add(new Place(id, null, file));
    diskBytes += file.bytes();
  }

  /** In row order. */
  List<Place> places() {
    return List.copyOf(places);
  }

  int chunks() {
    return places.size();
  }

  /** Moves a chunk from disk to memory, and deletes its file. */
  void promote(Place place, StoredChunk chunk) {
    places.set(places.indexOf(place), new Place(chunk.id(), chunk, null));
    memoryBytes += chunk.memory().bytes();
    diskBytes -= place.file().bytes();
    delete(place.file());
  }

  long memoryBytes() {
    return memoryBytes;
  }

  long diskBytes() {
    return diskBytes;
  }

  /** Gives memory back and deletes files. */
  void free() {
    for (Place place : places) {
      if (place.memory() != null) {
        place.memory().memory().close();
      } else {
        delete(place.file());
      }
    }
    places.clear();
    memoryBytes = 0;
    diskBytes = 0;
  }

  private static void delete(ChunkFile file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("A spilled chunk cannot be deleted: " + e.getMessage(), e);
    }
  }
}
