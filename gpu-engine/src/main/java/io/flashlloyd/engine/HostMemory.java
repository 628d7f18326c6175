package io.flashlloyd.engine;

import java.nio.ByteBuffer;

/** A piece of host memory that an engine gave out. close() gives it back; no view may follow. */
public interface HostMemory extends AutoCloseable {
  /** The memory, little-endian; direct. */
  ByteBuffer bytes();

  @Override
  void close();
}
