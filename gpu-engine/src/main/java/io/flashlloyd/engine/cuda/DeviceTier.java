package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.HostRows;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The device tier: chunks that stay on the card between passes. Lloyd scans all chunks in the same
 * order again and again, where dropping the least recently used would always drop what is needed
 * next; so what is resident stays, newcomers stream, and only chunks that no recent pass has used
 * make room. Guarded by the engine's lock.
 */
final class DeviceTier implements AutoCloseable {
  private final Map<Long, DeviceChunk> chunks = new HashMap<>();

  /** Read without the lock by who asks how much there will be. */
  private volatile long budget;

  private long resident;
  private final Set<DeviceChunk> inUse = new HashSet<>();

  DeviceTier(long budget) {
    this.budget = budget;
  }

  /** The chunk of this id, new where there was none or it had another shape; the one in use. */
  DeviceChunk find(long id, HostRows host, ScreenForm form, DeviceMemory memory) {
    nothingInUse();
    return findAnother(id, host, form, memory);
  }

  /** No chunk that was found so far is in use any more. */
  void nothingInUse() {
    inUse.clear();
  }

  /** The same, in use together with those found before. */
  DeviceChunk findAnother(long id, HostRows host, ScreenForm form, DeviceMemory memory) {
    DeviceChunk chunk = chunks.get(id);
    if (chunk != null && !chunk.matches(host)) {
      forget(id);
      chunk = null;
    }
    if (chunk == null) {
      chunk = new DeviceChunk(id, host, form, memory);
      chunks.put(id, chunk);
    }
    inUse.add(chunk);
    return chunk;
  }

  /** The chunk of this id, the one in use, if its rows are on the card; else null. */
  DeviceChunk findResident(long id) {
    DeviceChunk chunk = chunks.get(id);
    if (chunk == null || !chunk.loaded) {
      return null;
    }
    nothingInUse();
    inUse.add(chunk);
    return chunk;
  }

  /** Whether its rows are on the card. */
  boolean isResident(long id) {
    DeviceChunk chunk = chunks.get(id);
    return chunk != null && chunk.loaded;
  }

  /**
   * Whether the chunk is resident or may become so. If so it has its memory and its share of the
   * budget; where the device has less than the budget says, the budget shrinks and rows stream.
   */
  boolean admit(DeviceChunk chunk, long pass, DeviceMemory memory) {
    if (chunk.rows != null) {
      return true;
    }
    while (resident + chunk.tierBytes() > budget && evictStale(pass)) {
      // One less.
    }
    if (resident + chunk.tierBytes() > budget) {
      return false;
    }
    try {
      chunk.reserve(memory);
    } catch (CudaException e) {
      if (!e.outOfMemory()) {
        throw e;
      }
      budget = Math.min(budget, resident);
      return false;
    }
    resident += chunk.tierBytes();
    return true;
  }

  /** Takes back what {@link #admit} gave. The device must be done with it. */
  void dismiss(DeviceChunk chunk) {
    chunk.evict();
    resident -= chunk.tierBytes();
  }

  private boolean evictStale(long pass) {
    Optional<DeviceChunk> stale =
        chunks.values().stream()
            .filter(
                c -> c.rows != null && !c.arriving && !inUse.contains(c) && c.lastUse < pass - 1)
            .min(Comparator.comparingLong(c -> c.lastUse));
    stale.ifPresent(this::dismiss);
    return stale.isPresent();
  }

  /** Out of device memory: drops one resident chunk and admits less from now on. */
  boolean makeRoom() {
    Optional<DeviceChunk> victim =
        chunks.values().stream()
            .filter(c -> c.rows != null && !c.arriving && !inUse.contains(c))
            .min(Comparator.comparingLong(c -> c.lastUse));
    victim.ifPresent(this::dismiss);
    budget = Math.min(budget, resident);
    return victim.isPresent();
  }

  void forget(long id) {
    DeviceChunk chunk = chunks.get(id);
    if (chunk != null && chunk.arriving) {
      throw new IllegalStateException(
          "Chunk %d is on its way to the device (expected to be forgotten after it is there)"
              .formatted(id));
    }
    chunks.remove(id);
    if (chunk != null) {
      if (chunk.rows != null) {
        dismiss(chunk);
      }
      chunk.close();
    }
    inUse.remove(chunk);
  }

  /** Bytes of rows and copies that may be on the card. */
  long budget() {
    return budget;
  }

  /** Bytes of rows and copies on the card. */
  long residentBytes() {
    return resident;
  }

  @Override
  public void close() {
    chunks.values().forEach(DeviceChunk::close);
    chunks.clear();
    resident = 0;
  }
}
