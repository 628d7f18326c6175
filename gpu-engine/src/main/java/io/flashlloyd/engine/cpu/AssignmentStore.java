package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the last iteration left about the rows of each chunk, with the centroids that it is about.
 * Centroids are compared by value once for a pass, then by identity: {@link #tag} gives equal ones
 * the same object. Thread-safe.
 */
final class AssignmentStore {
  /** Centroids remembered: two for every training that runs at a time. */
  private static final int TAGS = 4;

  private final ConcurrentMap<Long, KeptRows> chunks = new ConcurrentHashMap<>();
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

  /** What is kept of the chunk about centroids of this tag, or null. */
  KeptRows get(long chunkId, Centroids tag, int rows) {
    KeptRows kept = chunks.get(chunkId);
    boolean same = kept != null && kept.centroids() == tag && kept.assignments().length == rows;
    return same ? kept : null;
  }

  void put(long chunkId, KeptRows kept) {
    chunks.put(chunkId, kept);
  }

  void forget(long chunkId) {
    chunks.remove(chunkId);
  }

  synchronized void clear() {
    chunks.clear();
    tags.clear();
  }
}
