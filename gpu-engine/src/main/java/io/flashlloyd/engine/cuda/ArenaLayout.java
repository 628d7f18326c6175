package io.flashlloyd.engine.cuda;

/** Offsets of the pieces of one device buffer, each aligned as the driver aligns buffers. */
final class ArenaLayout {
  static final int ALIGNMENT = 256;

  private long used;

  /** Where the next piece begins. */
  long take(long bytes) {
    long at = used;
    used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
  }

  /** What all pieces need together. */
  long bytes() {
    return used;
  }
}
