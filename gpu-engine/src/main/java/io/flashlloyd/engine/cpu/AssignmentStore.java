package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The assignments of each chunk, with the centroids that they belong to. Centroids are compared by
 * value once for a pass, then by identity: {@link #tag} gives equal ones the same object.
 * Thread-safe.
 */
final class AssignmentStore {
  /** Centroids remembered: two for every training that runs at a time. */
  private static final int TAGS = 4;

  private record Kept(Centroids centroids, int[] assignments) {}

  private final ConcurrentMap<Long, Kept> chunks = new ConcurrentHashMap<>();
  private final Deque<Centroids> tags = new ArrayDeque<>();

  /** The first of equal centroids, while it is remembered. */
  synchronized Centroids tag(Centroids centroids) {
    for (Centroids known : tags) {
      if (known.equals(centroids)) {
        tags.remove(known);
        tags.addFirst(known);
        return known;
      }
    }
    tags.addFirst(centroids);
    if (tags.size() > TAGS) {
      tags.removeLast();
    }
    return centroids;
  }

  /** The chunk's assignments to centroids of this tag, or null. */
  int[] get(long chunkId, Centroids tag, int rows) {
    Kept kept = chunks.get(chunkId);
    boolean same = kept != null && kept.centroids == tag && kept.assignments.length == rows;
    return same ? kept.assignments : null;
  }

  /** Keeps the array, which is not written any more. */
  void put(long chunkId, Centroids tag, int[] assignments) {
    chunks.put(chunkId, new Kept(tag, assignments));
  }

  void forget(long chunkId) {
    chunks.remove(chunkId);
  }

  synchronized void clear() {
    chunks.clear();
    tags.clear();
  }
}
