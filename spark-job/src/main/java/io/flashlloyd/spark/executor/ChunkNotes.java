package io.flashlloyd.spark.executor;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What tasks of this process know of chunks and would otherwise find out again: one note for a
 * chunk, gone with it, and before that where the heap is needed. Thread-safe.
 */
public final class ChunkNotes {
  private static final Map<Long, SoftReference<Object>> NOTES = new ConcurrentHashMap<>();

  private ChunkNotes() {}

  /** Keeps a note in the place of the one before. */
  public static void put(long chunkId, Object note) {
    NOTES.put(chunkId, new SoftReference<>(note));
  }

  /** The chunk's note where there is one of this kind, else null. */
  public static <T> T get(long chunkId, Class<T> kind) {
    SoftReference<Object> kept = NOTES.get(chunkId);
    Object note = kept == null ? null : kept.get();
    return kind.isInstance(note) ? kind.cast(note) : null;
  }

  static void forget(long chunkId) {
    NOTES.remove(chunkId);
  }
}
